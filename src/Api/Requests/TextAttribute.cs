using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.Requests;

/// <summary>
/// A text, or each of a list of texts, with a length in UTF-16 units and no control characters. Null is left to
/// <see cref="RequiredAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextAttribute : StringLengthAttribute
{
    public TextAttribute(int min, int max) : base(max) => MinimumLength = min;

    /// <summary>Whether tabs and line breaks are text too.</summary>
    public bool IsMultiline { get; init; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var texts = value switch
        {
            string text => [text],
            IEnumerable<string?> list => list,
            _ => [],
        };
        foreach (var text in texts)
            if (Violation(text) is { } violation) return new ValidationResult(violation, [validationContext.MemberName!]);
        return ValidationResult.Success;
    }

    private string? Violation(string? text)
    {
        if (text is null) return "holds a null.";
        if (text.Length > MaximumLength) return $"takes at most {MaximumLength} characters.";
        if (text.Length < MinimumLength || (MinimumLength > 0 && string.IsNullOrWhiteSpace(text))) return "must not be empty or blank.";
        return text.Any(IsRefused) ? "holds a control character." : null;
    }

    private bool IsRefused(char c) => char.IsControl(c) && !(IsMultiline && c is '\t' or '\n' or '\r');
}
