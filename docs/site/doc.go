// Package site builds the site of docs, and reads it in a real browser as a person does.
// It has tests only, which run again when a page of docs changes.
package site
