// Package reports has judges that we did not write read what the commands write and read:
// reports, and the settings of a project. It has tests only, and stands apart because it
// runs again whenever a command changes, which the other judges need not.
package reports
