using System.ComponentModel.DataAnnotations;
using System.Text;

namespace KeysCluster.Grains.Imports;

/// <summary>Configures the HMAC keys of the systems from which virtual keys were imported.</summary>
public sealed class ImportKeyOptions : IValidatableObject
{
    private const string Base64Prefix = "base64:";

    /// <summary>
    /// The HMAC keys by name (<c>Keys:ImportKeys:{name}</c>), the same on every silo: a text, of which the UTF-8 bytes
    /// are the key, or <c>base64:</c> and the bytes. A key is needed until the last secret that was imported under it
    /// has been replaced.
    /// </summary>
    /// <value>The default is none.</value>
    public IDictionary<string, string> ImportKeys { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the key with a name; null if it is missing or invalid.</summary>
    public byte[]? FindKey(string name) =>
        ImportKeys.TryGetValue(name, out var text) && TryParse(text, out var key) ? key : null;

    /// <summary>Returns a message for each invalid key, without its value.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from entry in ImportKeys
        where !TryParse(entry.Value, out _)
        select new ValidationResult(
            $"Keys:ImportKeys:{entry.Key} must be a text, or {Base64Prefix} and bytes in base64.");

    private static bool TryParse(string? text, out byte[] key)
    {
        key = [];
        if (string.IsNullOrEmpty(text)) return false;
        if (!text.StartsWith(Base64Prefix, StringComparison.Ordinal))
        {
            key = Encoding.UTF8.GetBytes(text);
            return true;
        }

        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[Base64Prefix.Length..], bytes, out var length) || length == 0)
            return false;
        key = bytes[..length];
        return true;
    }
}
