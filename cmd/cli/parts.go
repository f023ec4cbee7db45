package cli

import (
	"fmt"
	"log/slog"

	"broadsheet.example/configs"
	"broadsheet.example/entity"
)

// Parts are what a program may have that not every one should carry. The zero
// value is the program broadsheet.
type Parts struct {
	// LoadModel loads what marks names from the directory that the configuration
	// gives as entity.model; nil where the program has nothing to run it.
	LoadModel func(dir string, log *slog.Logger) (entity.Labeler, error)
}

// recognizer returns the recognizer that the configuration asks for.
func (p Parts) recognizer(cfg *configs.Config, log *slog.Logger) (*entity.Recognizer, error) {
	r, err := entity.New()
	if err != nil {
		return nil, fmt.Errorf("load entity model: %w", err)
	}
	dir := cfg.Entity.Model
	switch {
	case dir == "":
		return r, nil
	case p.LoadModel == nil:
		return nil, fmt.Errorf("entity.model is %s, and this program cannot run ONNX models: "+
			"start broadsheet-onnx in its place (built in entity/onnx, see docs/entities.md), or leave entity.model empty", dir)
	}
	labeler, err := p.LoadModel(dir, log)
	if err != nil {
		return nil, fmt.Errorf("entity.model: %w", err)
	}
	return r.With(labeler), nil
}
