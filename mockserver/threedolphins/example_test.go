package threedolphins_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

// A token that lives for two seconds shows whether a client renews it.
func ExampleSettings() {
	vendor := threedolphins.Vendor()
	vendor.Play = threedolphins.Settings{TokenLife: 2 * time.Second}.Play
	mock, err := mockserver.New(mockserver.Options{Now: func() time.Time { return time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC) }}, vendor)
	if err != nil {
		fmt.Println(err)
		return
	}
	request := httptest.NewRequest("POST", "/dolphin/apiv1/graph/auth", strings.NewReader(`{"username":"parley","password":"parley"}`))
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	mock.ServeHTTP(answer, request)
	var given struct{ Token, ExpireAt string }
	if err := json.Unmarshal(answer.Body.Bytes(), &given); err != nil {
		fmt.Println(err)
	}
	fmt.Println(answer.Code, given.ExpireAt)
	// Output: 200 2026-03-04T12:00:02.000+07:00[Asia/Jakarta]
}
