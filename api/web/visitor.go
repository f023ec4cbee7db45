package web

import "errors"

// errForeign refuses what is only for who sits at this machine.
var errForeign = errors.New("this page is for visitors on the machine itself, directly and without a proxy between")
