using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace KeysCluster.Api.Http;

/// <summary>
/// The <c>cursor</c> of a list, in base64url: a position as text, after a hash of it and of the list that it belongs
/// to. The hash detects a cursor that was damaged or belongs to another list. It need not be
/// confidential: a position gives access to nothing, because each request names its list.
/// </summary>
/// <param name="list">Identifies the list: the endpoint and the filters.</param>
/// <param name="maxLength">The length of the longest cursor.</param>
internal sealed class ListCursor(string list, int maxLength)
{
    private const int HashLength = 8;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Encode(string position)
    {
        var payload = Utf8.GetBytes(position);
        return Base64Url.EncodeToString([.. ComputeHash(payload), .. payload]);
    }

    /// <summary>Returns false for a text that <see cref="Encode"/> cannot have produced for this list.</summary>
    public bool TryDecode(string cursor, [NotNullWhen(true)] out string? position)
    {
        position = null;
        if (!Base64Url.IsValid(cursor) || cursor.Length > maxLength) return false;
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length <= HashLength) return false;
        var payload = bytes.AsSpan(HashLength);
        return bytes.AsSpan(0, HashLength).SequenceEqual(ComputeHash(payload)) && TryGetText(payload, out position);
    }

    private static bool TryGetText(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = null;
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

    private ReadOnlySpan<byte> ComputeHash(ReadOnlySpan<byte> payload) =>
        SHA256.HashData([.. Utf8.GetBytes(list), 0, .. payload]).AsSpan(0, HashLength);
}
