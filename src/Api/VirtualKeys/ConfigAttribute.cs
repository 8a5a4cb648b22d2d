using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>
/// Validates the configuration of a virtual key: a JSON object, or null, that both databases can store. PostgreSQL
/// stores neither numbers beyond its range nor unpaired surrogates.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConfigAttribute : ValidationAttribute
{
    /// <summary>Events contain the configuration a few levels deeper, and JSON is read to a depth of 64.</summary>
    private const int MaxDepth = 32;

    private const int MaxNumberLength = 100;
    private const int MaxExponent = 308;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var violation = value is JsonElement config ? FindViolation(config) : null;
        return violation is null
            ? ValidationResult.Success
            : new ValidationResult(violation, [validationContext.MemberName!]);
    }

    private static string? FindViolation(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object) return "must be a JSON object.";
        if (Encoding.UTF8.GetByteCount(config.GetRawText()) > VirtualKeyLimits.MaxConfigBytes)
            return $"must have at most {VirtualKeyLimits.MaxConfigBytes} bytes.";
        return CanStore(config, MaxDepth)
            ? null
            : $"must have at most {MaxDepth} levels, well-formed strings, and numbers of double precision.";
    }

    private static bool CanStore(JsonElement value, int depth) => value.ValueKind switch
    {
        JsonValueKind.Object => depth > 0 && value.EnumerateObject()
            .All(member => CanStore(member.Value, depth - 1) && HasText(() => member.Name)),
        JsonValueKind.Array => depth > 0 && value.EnumerateArray().All(item => CanStore(item, depth - 1)),
        JsonValueKind.String => HasText(value.GetString),
        JsonValueKind.Number => CanStore(value.GetRawText()),
        _ => true,
    };

    private static bool CanStore(string number)
    {
        if (number.Length > MaxNumberLength) return false;
        var exponent = number.IndexOfAny(['e', 'E']);
        return double.IsFinite(double.Parse(number, CultureInfo.InvariantCulture))
            && (exponent < 0
                || (int.TryParse(number.AsSpan(exponent + 1), CultureInfo.InvariantCulture, out var power)
                    && Math.Abs(power) <= MaxExponent));
    }

    private static bool HasText(Func<string?> read)
    {
        try
        {
            return read() is not null;
        }
        catch (InvalidOperationException)
        {
            // An escaped unpaired surrogate.
            return false;
        }
    }
}
