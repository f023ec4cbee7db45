package query_test

import (
	"errors"
	"fmt"
	"time"

	"broadsheet.example/news/query"
)

func ExampleParse() {
	n, err := query.Parse(`“two-state solution” org:Hamas NOT opinion`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n)
	// Output: "two-state solution" organization:Hamas -opinion
}

func ExampleSyntaxError() {
	_, err := query.Parse(`rafah athor:smith`)
	var syntax *query.SyntaxError
	if errors.As(err, &syntax) {
		fmt.Println(syntax.Offset)
		fmt.Println(err)
	}
	// Output:
	// 6
	// query, offset 6: there is no field athor:; expected author:, or quotes around text that has a colon, "athor:"
}

func ExampleDates_Resolve() {
	span, err := query.Dates{From: "7d", Through: "2024-04-18"}.Resolve(time.Date(2024, 4, 20, 12, 0, 0, 0, time.UTC), time.UTC)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(span.From.Format(time.RFC3339), span.To.Format(time.RFC3339))
	// Output: 2024-04-13T12:00:00Z 2024-04-19T00:00:00Z
}
