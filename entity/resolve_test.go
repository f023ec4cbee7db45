package entity_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestIdentity shows what becomes of the names of an article: all its entities,
// as "type:name xCOUNT country", in alphabetical order.
func TestIdentity(t *testing.T) {
	tests := []struct {
		name, title, text string
		want              []string
	}{
		{
			name: "two people of one surname",
			text: "Sarah Whitlock, a nurse from Leeds, sued her uncle, Thomas Whitlock, on Friday. " +
				"Thomas Whitlock denied it. Sarah Whitlock said she would appeal.",
			want: []string{"person:Sarah Whitlock x2", "person:Thomas Whitlock x2", "place:Leeds x1 gb"},
		},
		{
			name: "one surname, told by the title",
			text: "President Amara Diallo met Sheikh Omar Diallo in Dakar on Tuesday. President Diallo thanked him.",
			want: []string{"person:Amara Diallo x2", "person:Omar Diallo x1", "place:Dakar x1 sn"},
		},
		{
			name: "particles",
			text: "Pieter van der Merwe resigned on Monday. Van der Merwe said he was tired.",
			want: []string{"person:Pieter van der Merwe x2"},
		},
		{
			name: "middle initial and suffix",
			text: "Harold T. Benning Jr. told reporters that he was innocent. Benning left at noon. Harold Benning has two children.",
			want: []string{"person:Harold Benning Jr. x3"},
		},
		{
			name: "spellings of a famous name",
			text: "President Volodymyr Zelensky arrived in Warsaw. Mr. Zelenskyy met the president of Poland. President Zelenskiy left at night.",
			want: []string{"person:Volodymyr Zelenskyy x3", "place:Poland x1 pl", "place:Warsaw x1 pl"},
		},
		{
			name: "a famous surname and a relative",
			text: "Mr. Trump appealed on Friday. The ruling pleased Nike. Melania Trump declined to comment, and Trump's lawyers agreed.",
			want: []string{"organization:Nike x1", "person:Donald Trump x2", "person:Melania Trump x1"},
		},
		{
			name: "dateline in capitals",
			text: "ST. PETERSBURG, Russia (AP) — Gazprom opened an office in St. Petersburg on Monday.",
			want: []string{"organization:Associated Press x1", "organization:Gazprom x1", "place:Russia x1 ru", "place:Saint Petersburg x2 ru"},
		},
		{
			name: "acronym introduced in brackets",
			text: "The Harrow Mining Association (HMA) sued on Thursday. HMA members cheered; the HMA declined to comment.",
			want: []string{"organization:Harrow Mining Association x4"},
		},
		{
			name: "well-known acronyms",
			text: "The EU and the U.N. condemned it, and the IMF and NATO did not. The European Union and the United Nations met.",
			want: []string{
				"organization:European Union x2", "organization:International Monetary Fund x1",
				"organization:North Atlantic Treaty Organization x1", "organization:United Nations x2",
			},
		},
		{
			name: "one word for a long name",
			text: "The European Commission fined Goldman Sachs on Monday. A spokesman for the Commission was pleased. Shares of Goldman fell.",
			want: []string{"organization:European Commission x2", "organization:Goldman Sachs x2"},
		},
		{
			name: "legal forms",
			text: "Shares of Pfizer Inc. rose. Pfizer said it was pleased.",
			want: []string{"organization:Pfizer x2"},
		},
		{
			name: "country in many forms",
			text: "The United States and Britain signed it. U.S. officials praised the UK, and America rejoiced.",
			want: []string{"place:United Kingdom x2 gb", "place:United States x3 us"},
		},
		{
			name: "man, city and state",
			text: "Denzel Washington received a prize in Washington, D.C., on Friday. Washington thanked his fans in Seattle, in Washington state.",
			want: []string{"person:Denzel Washington x2", "place:Seattle x1 us", "place:Washington state x1 us", "place:Washington x1 us"},
		},
		{
			name: "state of Georgia",
			text: "Voters in Atlanta, Georgia, lined up. In Savannah, officials said that Georgia was ready.",
			want: []string{"place:Atlanta x1 us", "place:Georgia (US) x2 us", "place:Savannah x1 us"},
		},
		{
			name: "country of Georgia",
			text: "Thousands marched in Tbilisi on Tuesday. Russia warned Georgia.",
			want: []string{"place:Georgia x1 ge", "place:Russia x1 ru", "place:Tbilisi x1 ge"},
		},
		{
			name: "cities of one name",
			text: "The mayor of Paris, Texas, flew to Paris, France.",
			want: []string{"place:France x1 fr", "place:Paris x1 fr", "place:Paris, Texas x1 us", "place:Texas x1 us"},
		},
		{
			name:  "in a headline of capitals",
			title: "KENYA AND UGANDA SIGN TRADE PACT",
			text:  "Kenya and Uganda signed a pact on Monday.",
			want:  []string{"place:Kenya x2 ke", "place:Uganda x2 ug"},
		},
		{
			name: "possessives and quotes",
			text: "“Kenya’s drought is Somalia's too,” he said.",
			want: []string{"place:Kenya x1 ke", "place:Somalia x1 so"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := counted(recognizer(t).Recognize(tt.title, tt.text, "en"))
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("entities (-want +got)\n%s", diff)
			}
		})
	}
}

func TestOtherLanguages(t *testing.T) {
	tests := []struct {
		language, text string
		want           []string
	}{
		{"de", "Friedrich Merz ist nach Frankreich gereist.", []string{"person:Friedrich Merz x1", "place:France x1 fr"}},
		{"es", "El presidente viajó a Alemania y a los Estados Unidos.", []string{"place:Germany x1 de", "place:United States x1 us"}},
		{"ru", "Китай и США подписали договор.", []string{"place:China x1 cn", "place:United States x1 us"}},
		{"zh", "美国总统访问中国。", []string{"place:China x1 cn", "place:United States x1 us"}},
	}
	for _, tt := range tests {
		t.Run(tt.language, func(t *testing.T) {
			got := counted(recognizer(t).Recognize("", tt.text, tt.language))
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("entities (-want +got)\n%s", diff)
			}
		})
	}
}
