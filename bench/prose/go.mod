module broadsheet.example/bench/prose

go 1.26.0

require (
	broadsheet.example v0.0.0
	github.com/jdkato/prose/v3 v3.2.3
)

require (
	golang.org/x/text v0.43.0 // indirect
	gopkg.in/neurosnap/sentences.v1 v1.0.6 // indirect
)

replace broadsheet.example => ../..
