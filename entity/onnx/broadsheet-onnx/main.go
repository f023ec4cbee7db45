// Command broadsheet-onnx is the program broadsheet with what it takes to mark
// names with an ONNX model: the one in the directory that the configuration
// gives as entity.model.
//
//	cd entity/onnx && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' ./broadsheet-onnx
package main

import (
	"log/slog"

	"broadsheet.example/cmd/cli"
	"broadsheet.example/entity"
	"broadsheet.example/entity/onnx"
)

func main() { cli.Main(cli.Parts{LoadModel: load}) }

func load(dir string, log *slog.Logger) (entity.Labeler, error) {
	m, err := onnx.Load(dir, log)
	if err != nil {
		return nil, err
	}
	return m, nil
}
