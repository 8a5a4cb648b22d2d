using System.Buffers.Text;
using System.Globalization;
using System.Text;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.Requests;

/// <summary>Reads the parts of a query that page through lists.</summary>
internal static class PageQuery
{
    /// <summary>A number between 1 and <paramref name="max"/>; the default when it is absent, null when it is no such number.</summary>
    public static int? Number(string? text, int max, int otherwise)
    {
        if (string.IsNullOrEmpty(text)) return otherwise;
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return isNumber && number >= 1 && number <= max ? number : null;
    }

    /// <summary>The text in which a client carries a position from one page to the next.</summary>
    public static string Cursor(VirtualKeyPosition position) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{InstantJsonConverter.ToText(position.CreatedAt)} {position.Id}"));

    /// <summary>Reads such a text; false for anything that this service did not make.</summary>
    public static bool TryReadCursor(string cursor, out VirtualKeyPosition? position)
    {
        position = null;
        if (!Base64Url.IsValid(cursor) || cursor.Length > 128) return false;
        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ');
        if (parts is not [var createdAt, var id] || !VirtualKeyId.TryParse(id, out var key)) return false;
        if (!InstantJsonConverter.TryParse(createdAt, out var instant)) return false;
        position = new VirtualKeyPosition(instant, key);
        return true;
    }
}
