package threedolphins

import "testing"

// TestNamesThatSuffered: what became of a customer's name, and which requirement that
// breaks.
func TestNamesThatSuffered(t *testing.T) {
	for given, want := range map[string]string{
		"Zoë": "3D-INT-072", "Zoë \"Contoh\"": "3D-INT-072", "Penguji": "3D-INT-072", "Zoë \"Conto": "3D-INT-072", "O'Misal & Penguji": "3D-INT-072",
		"Zoë &quot;Contoh&quot; O&#39;Misal &amp; Penguji": "3D-INT-072", "Zo%C3%AB%20%22Contoh%22%20O'Misal%20%26%20Penguji": "3D-INT-072",
		"Zo+ë": "3D-INT-058", `Zoë \"Contoh\" O'Misal & Penguji`: "3D-INT-072", `Zo\u00eb \"Contoh\" O'Misal & Penguji`: "3D-INT-072",
		"ZoÃ« \"Contoh\" O'Misal & Penguji": "3D-INT-072", "Zo\ufffd \"Contoh\" O'Misal & Penguji": "3D-INT-072", "Zo? \"Contoh\" O'Misal & Penguji": "3D-INT-072",
		"Zo \"Contoh\" O'Misal & Penguji": "3D-INT-072", "Zoe \"Contoh\" O'Misal & Penguji": "3D-INT-058",
		"": "3D-INT-058", "Pelanggan": "3D-INT-058", "ZOË \"CONTOH\" O'MISAL & PENGUJI": "3D-INT-058", "Ibu Zoë \"Contoh\" O'Misal & Penguji": "3D-INT-058",
	} {
		if how, got := miswritten(given); got != want {
			t.Errorf("%s: %s %s, want %s", given, got, how, want)
		}
	}
}

// TestNamesOfNobody: what can be nobody's name, and what is another customer's.
func TestNamesOfNobody(t *testing.T) {
	incoming := map[string]any{"contactId": "4f1c", "accountId": "62811", "customerName": fullName}
	for given, want := range map[string]string{
		"": ", which is no name", " ": ", which is no name", "undefined": ", which is no name",
		"4f1c": ", which is the contactId of the Incoming Event", "62811": ", which is the accountId of the Incoming Event",
		"Contoh Penguji": ", which is the name of another customer",
		"Pelanggan":      "", fullName: "", "Penguji": "",
	} {
		if got := notTheirs(given, incoming, []string{"Contoh Penguji", "", fullName}); got != want {
			t.Errorf("%q%s, want %q", given, got, want)
		}
	}
}
