package main

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
)

const (
	lowerCharacters   = "abcdefghijklmnopqrstuvwxyz"
	upperCharacters   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	numericCharacters = "0123456789"
	specialCharacters = "!@#$%&*()-_=+[]{}<>:?"
)

// CharacterInputs say what a string is made of; RandomString and RandomPassword
// share them. Every class is used unless it is switched off.
type CharacterInputs struct {
	Length          int               `pulumi:"length"`
	Keepers         map[string]string `pulumi:"keepers,optional"`
	Lower           *bool             `pulumi:"lower,optional"`
	MinLower        *int              `pulumi:"minLower,optional"`
	Upper           *bool             `pulumi:"upper,optional"`
	MinUpper        *int              `pulumi:"minUpper,optional"`
	Number          *bool             `pulumi:"number,optional"`
	Numeric         *bool             `pulumi:"numeric,optional"`
	MinNumeric      *int              `pulumi:"minNumeric,optional"`
	Special         *bool             `pulumi:"special,optional"`
	MinSpecial      *int              `pulumi:"minSpecial,optional"`
	OverrideSpecial *string           `pulumi:"overrideSpecial,optional"`
}

// withDefaults fills in what the outputs say even where the inputs do not.
func (c CharacterInputs) withDefaults() CharacterInputs {
	// number is the old name of numeric; either one speaks for both.
	numeric := valueOr(c.Numeric, valueOr(c.Number, true))
	c.Number, c.Numeric = &numeric, &numeric
	for _, class := range []**bool{&c.Lower, &c.Upper, &c.Special} {
		value := valueOr(*class, true)
		*class = &value
	}
	for _, minimum := range []**int{&c.MinLower, &c.MinUpper, &c.MinNumeric, &c.MinSpecial} {
		value := valueOr(*minimum, 0)
		*minimum = &value
	}
	return c
}

// generate expects inputs with their defaults.
func (c CharacterInputs) generate() (string, error) {
	special := specialCharacters
	if valueOr(c.OverrideSpecial, "") != "" {
		special = *c.OverrideSpecial
	}
	var all strings.Builder
	var result []byte
	for _, class := range []struct {
		characters string
		used       bool
		minimum    int
	}{
		{lowerCharacters, *c.Lower, *c.MinLower},
		{upperCharacters, *c.Upper, *c.MinUpper},
		{numericCharacters, *c.Numeric, *c.MinNumeric},
		{special, *c.Special, *c.MinSpecial},
	} {
		if class.used {
			all.WriteString(class.characters)
		}
		picked, err := pick(class.characters, class.minimum)
		if err != nil {
			return "", err
		}
		result = append(result, picked...)
	}
	if len(result) > c.Length {
		return "", fmt.Errorf("length %d is less than the sum of the minimums, %d", c.Length, len(result))
	}
	rest, err := pick(all.String(), c.Length-len(result))
	if err != nil {
		return "", err
	}
	result = append(result, rest...)
	if err := shuffle(result); err != nil {
		return "", err
	}
	return string(result), nil
}

func pick(characters string, count int) ([]byte, error) {
	if count > 0 && characters == "" {
		return nil, fmt.Errorf("no class of characters is left to choose from")
	}
	picked := make([]byte, count)
	for i := range picked {
		at, err := below(len(characters))
		if err != nil {
			return nil, err
		}
		picked[i] = characters[at]
	}
	return picked, nil
}

func shuffle(data []byte) error {
	for i := len(data) - 1; i > 0; i-- {
		j, err := below(i + 1)
		if err != nil {
			return err
		}
		data[i], data[j] = data[j], data[i]
	}
	return nil
}

func below(limit int) (int, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(limit)))
	if err != nil {
		return 0, err
	}
	return int(n.Int64()), nil
}
