using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.Http;

/// <summary>
/// Validates a text, or each text of a list: its length in Unicode code points, and that it is a
/// <see cref="VisibleText"/>. A list must not contain null. The value itself may be null;
/// <see cref="RequiredAttribute"/> refuses that.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextAttribute : StringLengthAttribute
{
    public TextAttribute(int min, int max) : base(max) => MinimumLength = min;

    /// <summary>Whether tabs and line breaks are allowed.</summary>
    public bool IsMultiline { get; init; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var texts = value switch
        {
            string text => [text],
            IEnumerable<string?> list => list,
            _ => [],
        };
        return texts.Select(FindViolation).FirstOrDefault(message => message is not null) is { } violation
            ? new ValidationResult(violation, [validationContext.MemberName!])
            : ValidationResult.Success;
    }

    private string? FindViolation(string? text)
    {
        if (text is null) return "must not contain null.";
        var length = VisibleText.GetLength(text);
        if (length > MaximumLength) return $"must have at most {MaximumLength} characters.";
        if (length < MinimumLength || (MinimumLength > 0 && string.IsNullOrWhiteSpace(text)))
            return "must not be empty or blank.";
        return VisibleText.IsValid(text, IsMultiline) && (MinimumLength == 0 || VisibleText.HasVisible(text))
            ? null
            : "must not contain control characters, or characters that are invisible or reverse the text.";
    }
}
