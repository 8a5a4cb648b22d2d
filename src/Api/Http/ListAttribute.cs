using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.Http;

/// <summary>
/// Validates the number of entries of a list of texts, and each entry by a rule. A list must not contain null. The list
/// itself may be null; <see cref="RequiredAttribute"/> refuses that.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class ListAttribute(int maxCount, string rule) : ValidationAttribute
{
    public int MaxCount => maxCount;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var texts = value as IReadOnlyList<string?> ?? [];
        var violation = texts.Count > maxCount
            ? $"must have at most {maxCount} entries."
            : texts.All(text => text is not null && IsValidEntry(text)) ? null : $"must contain only {rule}";
        return violation is null
            ? ValidationResult.Success
            : new ValidationResult(violation, [validationContext.MemberName!]);
    }

    protected abstract bool IsValidEntry(string text);
}
