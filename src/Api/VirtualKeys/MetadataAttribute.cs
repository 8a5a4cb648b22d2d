using System.ComponentModel.DataAnnotations;
using KeysCluster.Api.Http;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>Validates the metadata of a virtual key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MetadataAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var violation = value is IReadOnlyDictionary<string, string?> metadata ? FindViolation(metadata) : null;
        return violation is null
            ? ValidationResult.Success
            : new ValidationResult(violation, [validationContext.MemberName!]);
    }

    private static string? FindViolation(IReadOnlyDictionary<string, string?> metadata)
    {
        if (metadata.Count > VirtualKeyLimits.MaxMetadataEntries)
            return $"must have at most {VirtualKeyLimits.MaxMetadataEntries} entries.";
        foreach (var (key, value) in metadata)
        {
            if (VisibleText.GetLength(key) is 0 or > VirtualKeyLimits.MaxMetadataKeyLength || !IsValid(key))
                return $"must have keys of 1 to {VirtualKeyLimits.MaxMetadataKeyLength} characters.";
            if (value is null
                || VisibleText.GetLength(value) > VirtualKeyLimits.MaxMetadataValueLength
                || !IsValid(value))
                return $"must have strings of at most {VirtualKeyLimits.MaxMetadataValueLength} characters as values.";
        }

        return null;
    }

    private static bool IsValid(string text) => VisibleText.IsValid(text, isMultiline: true);
}
