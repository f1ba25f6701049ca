package threedolphins

import "time"

// jakarta is the zone of the samples; it knows no summer time.
var jakarta = time.FixedZone("Asia/Jakarta", 7*60*60)

// clock shows a moment in the zone of 3Dolphins' texts: 3D-R-26.
func (d *dolphins) clock(t time.Time) time.Time {
	if d.stage.Reading("3D-R-26") == "utc" {
		return t.UTC()
	}
	return t.In(jakarta)
}

// zoned writes a moment with offset and region, as java.time prints it.
func (d *dolphins) zoned(t time.Time) string {
	shown := d.clock(t)
	return shown.Format("2006-01-02T15:04:05.000Z07:00") + "[" + shown.Location().String() + "]"
}

// now is the sandbox's time in milliseconds since 1970.
func (d *dolphins) now() int64 { return d.present().UnixMilli() }

// local is the moment of milliseconds since 1970 on 3Dolphins' clock.
func (d *dolphins) local(ms int64) time.Time { return d.clock(time.UnixMilli(ms)) }

// minute writes the text beside a moment: "2020-07-22 14:38".
func (d *dolphins) minute(ms int64) string { return d.local(ms).Format("2006-01-02 15:04") }

// day writes the day of a moment: "2020-07-22".
func (d *dolphins) day(ms int64) string { return d.local(ms).Format(time.DateOnly) }
