package solution_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/connref/connref/solution"
)

func Example() {
	ctx := context.Background()
	dir, err := exports()
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	sol, err := solution.Open(ctx, filepath.Join(dir, "Orders_1_4_0_0.zip"), nil)
	if err != nil {
		log.Fatal(err)
	}
	for f := range sol.Flows() {
		for b := range f.Bindings() {
			fmt.Printf("%s: %s is %q, %s\n", f.Name, b.Key, b.Reference, sol.State(b))
		}
	}
	// Output:
	// Daily digest: shared_office365 is "Contoso_Mail", declared
	// Daily digest: shared_office365_1 is "contoso_bulk", declared
	// Order intake: shared_office365 is "contoso_mail", declared
	// Order intake: shared_files is "COMMON_files", external
	// Order intake: shared_lost is "contoso_lost", dangling
	// Order intake: direct is "", direct
}

// Every solution below a folder, those in package zips included.
func ExampleOpenAll() {
	dir, err := exports()
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	for sol, err := range solution.OpenAll(context.Background(), dir, nil) {
		if err != nil {
			fmt.Println("can't be read")
			continue
		}
		fmt.Println(sol.Manifest().UniqueName, sol.Layout())
	}
	// Output:
	// ContosoOrders zip
	// can't be read
	// ContosoOrders zip
	// ContosoOrders unpacked
}

func ExampleFind() {
	ctx := context.Background()
	dir, err := exports()
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	for place, err := range solution.Find(ctx, dir, nil) {
		if err != nil {
			fmt.Println("can't be read:", filepath.Base(place.Path))
			continue
		}
		sol, err := place.Open(ctx, nil)
		if err != nil {
			log.Fatal(err)
		}
		where, err := filepath.Rel(dir, sol.Path())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(filepath.ToSlash(where), sol.Layout(), sol.Manifest().Version)
	}
	// Output:
	// Orders_1_4_0_0.zip zip 1.4.0.0
	// can't be read: broken.zip
	// package.zip!PkgAssets/Orders.zip zip 1.4.0.0
	// src/Orders unpacked 1.4.0.0
}

// A solution that nobody changed is written as it was read.
func ExampleSolution_WriteZip() {
	ctx := context.Background()
	dir, err := exports()
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	path := filepath.Join(dir, "Orders_1_4_0_0.zip")
	sol, err := solution.Open(ctx, path, nil)
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	if err := sol.WriteZip(ctx, &out); err != nil {
		log.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	fmt.Println(bytes.Equal(raw, out.Bytes()), err)
	// Output: true <nil>
}

// exports makes a folder of solutions.
func exports() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "exports"); err != nil {
		return "", err
	}
	files := unpacked.under("src/Orders").join(tree{
		"Orders_1_4_0_0.zip": string(packed.zip()),
		"package.zip":        string(tree{"PkgAssets/Orders.zip": string(packed.zip())}.zip()),
		"broken.zip":         "no archive",
	})
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			return "", err
		}
	}
	return dir, nil
}
