{{!-- The standard normal distribution function of z, as a double: the share of values below z. A two-sided p value is
`2 * {{normal_cdf "-abs(z)"}}`, which stays exact where `1 - …` would cancel. Neither engine has an error function.
Method: Hart (1968), algorithm 5666, in the form of West, "Better approximations to cumulative normal functions", Wilmott 2005:
exp(-z*z/2) times a rational function, beyond 7.07 times a continued fraction. The error is below 1e-15, and relative to the
lower tail below 1e-8 down to z = -37; below that the result is 0. The expression is repeated: give it a column, not a long formula. --}}
{{#*macro normal_cdf z}}
{{set z=(concat "(" z ")::float8")}}
{{set x=(concat "abs(" z ")")}}
case
  when {{z}} = 'NaN' then {{z}}
  else abs(
    case
      when {{x}} > 37 then 0
      when {{x}} < 7.07106781186547 then
        exp(-{{x}} * {{x}} / 2)
        * ((((((0.0352624965998911
          * {{x}} + 0.700383064443688)
          * {{x}} + 6.37396220353165)
          * {{x}} + 33.912866078383)
          * {{x}} + 112.079291497871)
          * {{x}} + 221.213596169931)
          * {{x}} + 220.206867912376)
        / (((((((0.0883883476483184
          * {{x}} + 1.75566716318264)
          * {{x}} + 16.064177579207)
          * {{x}} + 86.7807322029461)
          * {{x}} + 296.564248779674)
          * {{x}} + 637.333633378831)
          * {{x}} + 793.826512519948)
          * {{x}} + 440.413735824752)
      else
        exp(-{{x}} * {{x}} / 2) / 2.506628274631
        / ({{x}} + 1 / ({{x}} + 2 / ({{x}} + 3 / ({{x}} + 4 / ({{x}} + 0.65)))))
    end
    - case when {{z}} > 0 then 1 else 0 end
  )
end
{{/macro}}
