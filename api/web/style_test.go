package web_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast computes the contrast of shapes, by the formula of WCAG 2.2; that of
// text is axe-core's to tell, which looks at no shape.
func TestContrast(t *testing.T) {
	text, err := os.ReadFile("src/app.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := regexp.MustCompile(`:root \{[^}]*\}`).FindAllString(string(text), -1)
	if len(themes) != 3 {
		t.Fatalf("%d themes, want light, dark and paper", len(themes))
	}
	themes = themes[:2]
	const least = 3.0
	for i, theme := range themes {
		for _, shape := range []string{"bar", "edge", "accent"} {
			if got := contrast(color(t, theme, shape), color(t, theme, "paper")); got < least {
				t.Errorf("theme %d: --%s on --paper has contrast %.2f, want at least %.1f", i, shape, got, least)
			}
		}
	}
}

// color is the relative luminance of a variable.
func color(t *testing.T, theme, name string) float64 {
	t.Helper()
	m := regexp.MustCompile(`--` + name + `: #([0-9a-f]{6})`).FindStringSubmatch(theme)
	if m == nil {
		t.Fatalf("no color --%s", name)
	}
	n, err := strconv.ParseUint(m[1], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8&0xff) + 0.0722*linear(n&0xff)
}

func linear(channel uint64) float64 {
	c := float64(channel) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// TestColorsAreVariables keeps every color where TestContrast sees it.
func TestColorsAreVariables(t *testing.T) {
	text, err := os.ReadFile("src/app.css")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		if regexp.MustCompile(`#[0-9a-f]{3,8}\b|rgb|hsl`).MatchString(line) && !strings.Contains(line, "--paper:") {
			t.Errorf("line %d: a color that is no variable: %s", i+1, line)
		}
	}
}
