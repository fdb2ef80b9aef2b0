package flow_test
import ("testing";"fmt";"time";"math";"encoding/json";"github.com/connref/connref/flow")
func TestProbe(t *testing.T) {
	x := flow.Func("concat", flow.TriggerBody("a"), "bbbbbbbb")
	for i := range 30 { s:=time.Now(); x = flow.Func("concat", x, x); if i > 8 {fmt.Println("func", i, len(x.String()), time.Since(s))} ; if len(x.String())>1<<24 {break}}
	x = flow.Var("x")
	for i := range 26 { s:=time.Now(); x = flow.Func("concat", x, x); if time.Since(s)>time.Second {fmt.Println("names", i, len(x.String()), time.Since(s));break}}
	x = flow.Text("a", flow.TriggerBody())
	for i := range 30 { s:=time.Now(); x = flow.Text(x, x); if time.Since(s)>time.Second {fmt.Println("text", i, len(x.String()), time.Since(s));break}}
	q := flow.Equals(1,1)
	for range 22 { q = flow.And(q,q) }
	s:=time.Now(); e:=q.Expr(); fmt.Println("test expr", len(e.String()), time.Since(s))
	s=time.Now(); b:=begun("F"); b.Condition("c", q); _, err := b.Build(); fmt.Println("question", err!=nil, time.Since(s))
	for n, p := range map[string]flow.Parameter{"nan": {DisplayName:"p",Type:flow.FloatParameter,Default:math.NaN()}, "expr": {DisplayName:"p",Type:flow.IntParameter,Default:flow.Func("f")},"exprs": {DisplayName:"p",Type:flow.StringParameter,Default:flow.Func("f")},"inside": {DisplayName:"p",Type:flow.ObjectParameter,Default:flow.Object{"a":flow.Func("f")}},"pasted": {DisplayName:"p",Type:flow.ObjectParameter,Default:json.RawMessage(`{"a":"@f()"}`)},"vars": {DisplayName:"p",Type:flow.ObjectParameter,Default:flow.Object{"a":flow.Var("f")}}, "raw": {DisplayName:"p",Type:flow.StringParameter,Default:json.RawMessage(`"@x"`)}} {
		b := begun("F"); b.Parameter(p); _, err := b.Build(); fmt.Printf("%s: %v\n", n, err) }
	for n, v := range map[string]any{"nilraw": json.RawMessage(nil), "chan": make(chan int), "text": flow.Text("a", flow.Var("v")), "str":"@x", "nil":nil, "rawexpr": json.RawMessage(`"@x"`), "rawesc": json.RawMessage(`"@@x"`), "test": flow.Equals(1,1), "concat": "a@@{@{", "emptytext": flow.Text()} {
		b := begun("F"); b.ForEach("a", v, nil); _, err := b.Build(); fmt.Printf("foreach %s: %v\n", n, err) }
}
