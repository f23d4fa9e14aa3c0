import Glibc

func logit(_ probability: Float) -> Float { log(probability / (1 - probability)) }
func exponential(_ value: Float) -> Float { exp(value) }
