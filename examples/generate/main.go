// Command generate writes a Power Automate solution from code: a nightly flow for each of a list of tables, which all
// share three connection references, an environment variable and a custom connector. Then it audits what it wrote.
//
//	generate [-out PATH] [-layout zip|folder|unpacked] [tables.json]
//
// The list is JSON, an array of objects with name, set and display; without one, a list that is built in is used.
// Without -out nothing is written, and the audit is all. It answers 0, or 2 with everything that is wrong.
package main

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/audit"
	"github.com/connref/connref/solution/graph"
)

//go:embed tables.json
var sampleTables []byte

//go:embed warehouse.swagger.json
var warehouseAPI []byte

// table is a table of Dataverse.
type table struct{ Name, Set, Display string }

// generate makes the solution.
func generate(tables []table, layout solution.Layout) (*solution.Solution, error) {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: "ContosoWarehouseSync", DisplayName: "Contoso warehouse sync", Version: "1.0.0.0",
		Publisher: solution.Publisher{UniqueName: "Contoso", DisplayName: "Contoso", Prefix: "contoso"},
	})
	connector := b.AddConnector(solution.NewConnector{
		Name: "contoso_warehouse", DisplayName: "Contoso warehouse", OpenAPI: warehouseAPI,
		Parameters: json.RawMessage(`{"api_key":{"type":"securestring","uiDefinition":{"displayName":"API key"}}}`),
	})
	references := map[string]connref.Reference{ // by the key that flows have for them
		"dataverse": {
			LogicalName: "contoso_dataverse", DisplayName: "Dataverse", Connector: "shared_commondataserviceforapps",
		},
		"mail":      {LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"},
		"warehouse": {LogicalName: "contoso_warehouse", DisplayName: "Warehouse", Connector: connector.ID},
	}
	for _, reference := range references {
		b.AddReference(reference)
	}
	operators := solution.NewVariable{
		SchemaName: "contoso_Operators", DisplayName: "Operators", Type: solution.VariableString,
		Default: "ops@contoso.example",
	}
	b.AddVariable(operators)
	for _, t := range tables {
		f := b.NewFlow(solution.Workflow{Name: "Sync " + t.Display, On: true})
		for key, reference := range references {
			f.Bind(flow.NewBinding(key, reference))
		}
		syncTable(f, t, operators)
	}
	return b.Build(layout)
}

// syncTable makes the flow of a table: last night's rows go to the warehouse, and somebody is told if that fails.
func syncTable(f *flow.Builder, t table, operators solution.NewVariable) {
	to := f.Parameter(operators.Parameter())
	f.Trigger("Every night", flow.Recurrence{Frequency: flow.Day, Interval: 1, Hours: []int{2}})
	sync := f.Try("Sync", "Tell")
	rows := sync.Try.Add("List rows", flow.Call{Key: "dataverse", Operation: "ListRecords", Parameters: flow.Object{
		"entityName": t.Set,
		"$filter":    flow.Text("modifiedon ge ", flow.Func("addDays", flow.Func("utcNow"), -1)),
	}, Pagination: 5000})
	each := sync.Try.ForEach("Each row", rows.Body("value"), &flow.ForEachOptions{Concurrency: 20})
	put := each.Add("Put row", flow.Call{Key: "warehouse", Operation: "PutRow", Parameters: flow.Object{
		"table": t.Name, "body": each.Item(),
	}})
	put.Retry = &flow.Retry{Type: flow.RetryExponential, Count: 4, Interval: 10 * time.Second}
	sync.Catch.Add("Send mail", flow.Call{Key: "mail", Operation: "SendEmailV2", Parameters: flow.Object{
		"emailMessage/To": to, "emailMessage/Subject": "Sync of " + t.Display + " failed",
		"emailMessage/Body": flow.Text("<p>", flow.Results("Sync", 0, "error", "message"), "</p>"),
	}})
	sync.Catch.Add("Fail", flow.Terminate{Status: flow.RunFailed, Code: "SyncFailed", Message: "somebody was told"})
}

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program: it answers the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "", "write the solution to `PATH`: a zip, or a folder")
	layout := flags.String("layout", "zip", "zip, folder, or unpacked as SolutionPackager and pac do")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := do(ctx, flags.Arg(0), *layout, *out, stdout); err != nil {
		fmt.Fprintln(stderr, "generate:", diag.Printable(err.Error()))
		return 2
	}
	return 0
}

var layouts = map[string]solution.Layout{
	"zip": solution.LayoutZip, "folder": solution.LayoutFolder, "unpacked": solution.LayoutUnpacked,
}

func do(ctx context.Context, list, layout, out string, stdout io.Writer) error {
	tables, err := read(list)
	if err != nil {
		return err
	}
	if layouts[layout] == 0 {
		return fmt.Errorf("-layout %s: expected zip, folder or unpacked", layout)
	}
	sol, err := generate(tables, layouts[layout])
	if err != nil {
		return err
	}
	switch {
	case out == "":
	case layout == "zip":
		err = sol.WriteZipFile(ctx, out)
	default:
		_, err = sol.WriteDir(ctx, out)
	}
	if err != nil {
		return err
	}
	if out != "" { // what was written is audited, not what should have been
		if sol, err = solution.Open(ctx, out, nil); err != nil {
			return err
		}
	}
	return audit.Of(graph.Input{Solutions: []*solution.Solution{sol}}).WriteText(stdout, nil)
}

// read reads the list of tables.
func read(path string) (tables []table, err error) {
	raw := sampleTables
	if path != "" {
		if raw, err = os.ReadFile(path); err != nil {
			return nil, err
		}
	}
	if err := json.Unmarshal(raw, &tables); err != nil {
		return nil, fmt.Errorf("%s: a list of tables is an array of objects with name, set and display: %w",
			cmp.Or(path, "tables.json"), err)
	}
	return tables, nil
}
