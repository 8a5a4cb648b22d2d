using System.Buffers.Text;
using System.Text;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>
/// The <c>cursor</c> of a list, in base64url: the creation time and id of a key, and in a list that a filter sorts, its
/// order and what it is sorted by.
/// </summary>
internal static class VirtualKeyCursor
{
    // The longest name has 128 characters of three bytes each.
    private const int MaxLength = 768;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(VirtualKeyPosition position)
    {
        var text = $"{UtcMillisecondJsonConverter.Format(position.CreatedAt)} {position.Id}";
        if (position.Order != VirtualKeyOrder.CreatedAt) text += $" {position.Order} {position.SortText}";
        return Base64Url.EncodeToString(Utf8.GetBytes(text));
    }

    /// <summary>
    /// Returns false for a text that <see cref="Encode"/> cannot have produced for a list of this order.
    /// </summary>
    public static bool TryDecode(string cursor, VirtualKeyOrder order, out VirtualKeyPosition? position)
    {
        position = null;
        if (!Base64Url.IsValid(cursor) || cursor.Length > MaxLength) return false;
        if (!TryGetText(Base64Url.DecodeFromChars(cursor), out var text)) return false;
        var parts = text.Split(' ', order == VirtualKeyOrder.CreatedAt ? 3 : 4);
        if (parts.Length < 2 || !UtcMillisecondJsonConverter.TryParse(parts[0], out var createdAt)) return false;
        if (!VirtualKeyId.TryParse(parts[1], out var id)) return false;
        switch (parts)
        {
            case [_, _] when order == VirtualKeyOrder.CreatedAt:
                position = new VirtualKeyPosition(createdAt, id);
                return true;
            case [_, _, var name, var sortText] when name == order.ToString():
                position = new VirtualKeyPosition(createdAt, id, order, sortText);
                return true;
            default:
                return false;
        }
    }

    private static bool TryGetText(byte[] bytes, out string text)
    {
        text = "";
        try
        {
            text = Utf8.GetString(bytes);

            // PostgreSQL stores no such character.
            return !text.Contains('\0', StringComparison.Ordinal);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
