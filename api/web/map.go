package web

import (
	_ "embed" // for the outline
	"fmt"
	"math"

	"broadsheet.example/news"
)

// outline is the land of the world as the data of an SVG path, in half degrees from
// 180° west and 84° north; see NOTICE.
//
//go:embed world.path
var outline string

// The map's box in half degrees: all longitudes, and the latitudes between the
// north of Greenland and Cape Horn.
const (
	mapWidth  = 720.0
	mapHeight = 284.0
	mapNorth  = 84.0
	mapScale  = 2.0
)

// worldMap shows where in the world a place lies.
type worldMap struct {
	Land          string
	Width, Height float64
	X, Y          float64
	Words         string // the same for who cannot see it
}

// newWorldMap is nil where it is not known where the place lies, or where that is
// beyond the map.
func newWorldMap(name string, at *news.Location) *worldMap {
	if at == nil {
		return nil
	}
	x, y := mapScale*(at.Longitude+180), mapScale*(mapNorth-at.Latitude)
	if !(x >= 0 && x <= mapWidth && y >= 0 && y <= mapHeight) { // not numbers, too
		return nil
	}
	m := &worldMap{Land: outline, Width: mapWidth, Height: mapHeight, X: round(x), Y: round(y)}
	m.Words = fmt.Sprintf("%s lies at %s, %s", name, degrees(at.Latitude, "north", "south"), degrees(at.Longitude, "east", "west"))
	return m
}

// degrees writes a coordinate to a tenth of a degree: 59.9° north.
func degrees(x float64, positive, negative string) string {
	side := positive
	if x < 0 {
		side = negative
	}
	return decimal(math.Abs(x)) + "° " + side
}
