"""The pages of the enrolments: `steps` for every one, `unverified` and `portal` around them."""
