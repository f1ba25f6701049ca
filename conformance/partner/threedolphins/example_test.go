package threedolphins_test

import (
	"fmt"
	"strings"

	"github.com/parleykit/parley/conformance/partner/threedolphins"
)

// The partner's defects are those of real third parties, each with a name and a
// sentence. A partner with one of them is made by partner.New.
func ExampleReference() {
	for _, d := range threedolphins.Reference().Defects {
		if strings.Contains(d.Name, "sticker") {
			fmt.Println(d.Name+":", d.About)
		}
	}
	// Output:
	// breaks-on-sticker: breaks on the text Sticker
}
