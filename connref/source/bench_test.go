package source_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/connref/connref/connref/source"
)

// bigFlow is a flow of about 400 KB, laid out as designers do.
func bigFlow() string {
	var b strings.Builder
	b.WriteString("{\r\n  \"properties\": {\r\n    \"definition\": {\r\n      \"actions\": {\r\n")
	for i := 0; b.Len() < 400_000; i++ {
		if i > 0 {
			b.WriteString(",\r\n")
		}
		fmt.Fprintf(&b, `        "Send_an_email_(V2)_%d": {
          "runAfter": {},
          "metadata": {
            "operationMetadataId": "f5a0a0e4-0f1e-4b3c-9d4b-%012d"
          },
          "type": "OpenApiConnection",
          "inputs": {
            "host": {
              "connectionName": "shared_office365",
              "operationId": "SendEmailV2",
              "apiId": "/providers/Microsoft.PowerApps/apis/shared_office365"
            },
            "parameters": {
              "emailMessage/To": "someone@contoso.com",
              "emailMessage/Body": "<p>@{outputs('Get_item')?['body/Title']} is \"ready\"\n</p>",
              "emailMessage/Importance": %d.5
            },
            "authentication": "@parameters('$authentication')"
          }
        }`, i, i, i)
	}
	b.WriteString("\r\n      }\r\n    }\r\n  }\r\n}")
	return strings.ReplaceAll(strings.ReplaceAll(b.String(), "\r", ""), "\n", "\r\n")
}

// bigCustomizations is a file of about 400 KB, of which the connection references are the smallest part.
func bigCustomizations() string {
	var b strings.Builder
	b.WriteString("<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n  <Entities>\r\n")
	for i := 0; b.Len() < 400_000; i++ {
		fmt.Fprintf(&b, strings.ReplaceAll(`    <attribute PhysicalName="new_Field%d">
      <Type>nvarchar</Type>
      <LogicalName>new_field%d</LogicalName>
      <RequiredLevel>none</RequiredLevel>
      <ImeMode>auto</ImeMode>
      <Format />
      <displaynames>
        <displayname description="Field &amp; more %d" languagecode="1033" />
      </displaynames>
    </attribute>
`, "\n", "\r\n"), i, i, i)
	}
	b.WriteString("  </Entities>\r\n" + strings.SplitN(customizations, "\r\n", 3)[2])
	return b.String()
}

// against runs floor and ours by turns and reports how many times floor's time ours takes: both see the same machine.
func against(b *testing.B, size int, floor, ours func()) {
	b.Helper()
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var floorTime, ourTime time.Duration
	for b.Loop() {
		start := time.Now()
		floor()
		mid := time.Now()
		ours()
		floorTime += mid.Sub(start)
		ourTime += time.Since(mid)
	}
	b.ReportMetric(float64(ourTime)/float64(floorTime), "x-of-floor")
	b.ReportMetric(float64(ourTime.Microseconds())/float64(b.N), "µs-ours")
	b.ReportMetric(float64(floorTime.Microseconds())/float64(b.N), "µs-floor")
}

// The floor is json.Valid, which builds nothing.
func BenchmarkParseJSON(b *testing.B) {
	text := []byte(bigFlow())
	f := source.NewFile("a.json", text)
	against(b, len(text), func() {
		if !json.Valid(text) {
			b.Fatal("not valid")
		}
	}, func() {
		if _, err := source.ParseJSON(f, nil); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkParseXML(b *testing.B) {
	text := bigCustomizations()
	f := source.NewFile("a.xml", []byte(text))
	against(b, len(text), func() { allTokens(b, text) }, func() {
		if _, err := source.ParseXML(f, nil); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkFindXML(b *testing.B) {
	text := bigCustomizations()
	f := source.NewFile("a.xml", []byte(text))
	against(b, len(text), func() { allTokens(b, text) }, func() {
		found := 0
		err := source.FindXML(f, nil, func(int, source.Element) error { found++; return nil },
			"ImportExportXml/connectionreferences/connectionreference", "ImportExportXml/Workflows/Workflow")
		if err != nil || found != 3 {
			b.Fatal(found, err)
		}
	})
}

func allTokens(b *testing.B, text string) {
	for dec := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}
