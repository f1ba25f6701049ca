package visible

import (
	"fmt"
	"io"
	"reflect"
)

// Fprintf is fmt.Fprintf whose arguments come from outside: what each of them is
// formatted to is made a Line, unless it is Shown. The format is ours.
func Fprintf(w io.Writer, format string, args ...any) (int, error) {
	if false {
		_, _ = fmt.Fprintf(w, format, args...) // lets vet check the calls
	}
	return fmt.Fprintf(w, format, shown(args)...)
}

// Sprintf is fmt.Sprintf in the same way.
func Sprintf(format string, args ...any) Shown {
	if false {
		_ = fmt.Sprintf(format, args...)
	}
	return Shown(fmt.Sprintf(format, shown(args)...))
}

func shown(args []any) []any {
	list := make([]any, len(args))
	for i, arg := range args {
		list[i] = argument{arg}
		switch reflect.ValueOf(arg).Kind() {
		case reflect.Int: // may be a width
			list[i] = arg
		case reflect.String:
			if text, ok := arg.(Shown); ok {
				list[i] = string(text)
			}
		}
	}
	return list
}

// argument formats a value as ever, and makes one line of it.
type argument struct{ value any }

// Format is fmt.Formatter.
func (a argument) Format(state fmt.State, verb rune) {
	_, _ = io.WriteString(state, Line(fmt.Sprintf(fmt.FormatString(state, verb), a.value)))
}
