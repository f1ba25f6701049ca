// Package browser walks through the console in a real browser: the tests start the
// built binary and do what a person does, at a desk's and at a telephone's width, in
// both themes. What the page must not have is a message in the browser's console, or
// anything that axe-core, which is not ours, has to say about it.
//
// The pictures of the documents are made here: go test ./console/browser -run Pictures -update.
package browser
