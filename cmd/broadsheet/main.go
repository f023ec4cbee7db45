// Command broadsheet is a self-hosted news search engine: it crawls feeds,
// indexes the articles, and answers searches over a JSON API, a web page and
// this command line. It is package cli with nothing added.
package main

import "broadsheet.example/cmd/cli"

func main() { cli.Main(cli.Parts{}) }
