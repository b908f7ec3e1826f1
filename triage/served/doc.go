// Package served has the tests of what an exporter serves to people: the pages in a real browser, and the API against its OpenAPI
// description, as a validator that is not ours reads it. It is a module of its own, so that the exporter does not depend on a browser.
package served
