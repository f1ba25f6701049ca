// Package documents has judges that we did not write read the Markdown of the repository.
// It has tests only, and stands apart because Go keeps the verdict of a package until a
// file changes that its tests opened: pages change more often than what all the other
// judges of independent are asked about.
package documents
