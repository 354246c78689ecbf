// Empty: it lets main.go declare a function of another package without its body.
