using System.Buffers.Text;
using System.Text;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>The <c>cursor</c> of the list: the position of a key, its creation time and id, in base64url.</summary>
internal static class VirtualKeyCursor
{
    private const int MaxLength = 128;

    public static string Encode(VirtualKeyPosition position)
    {
        var text = $"{UtcMillisecondJsonConverter.Format(position.CreatedAt)} {position.Id}";
        return Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Returns false for a text that <see cref="Encode"/> cannot have produced.</summary>
    public static bool TryDecode(string cursor, out VirtualKeyPosition? position)
    {
        position = null;
        if (!Base64Url.IsValid(cursor) || cursor.Length > MaxLength) return false;
        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ');
        if (parts is not [var createdAtText, var idText]) return false;
        if (!UtcMillisecondJsonConverter.TryParse(createdAtText, out var createdAt)) return false;
        if (!VirtualKeyId.TryParse(idText, out var id)) return false;
        position = new VirtualKeyPosition(createdAt, id);
        return true;
    }
}
