using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace KeysCluster.Security.Sessions;

/// <summary>
/// The proof of a role that calls carry in their request context. A silo hands it to a client over the connection on
/// which the client's certificate proved the role. Source: docs/adr/0022-roles-of-connections.md.
/// </summary>
internal static class SessionToken
{
    /// <summary>The length in bytes: the role, the end of validity in seconds since 1970, and the MAC.</summary>
    public const int Length = PayloadLength + HMACSHA256.HashSizeInBytes;

    private const int PayloadLength = 1 + sizeof(long);

    /// <summary>The key of the token in the request context of Orleans.</summary>
    public const string ContextKey = "KeysCluster.Session";

    /// <summary>Writes a token.</summary>
    public static byte[] Create(ReadOnlySpan<byte> key, ClusterRole role, DateTimeOffset validUntil)
    {
        var token = new byte[Length];
        token[0] = (byte)role;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), validUntil.ToUnixTimeSeconds());
        HMACSHA256.HashData(key, token.AsSpan(0, PayloadLength), token.AsSpan(PayloadLength));
        return token;
    }

    /// <summary>Reads a token; false if it was not made with the key.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> token, out ClusterRole role, out DateTimeOffset validUntil)
    {
        (role, validUntil) = (default, default);
        if (token.Length != Length) return false;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, token[..PayloadLength], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, token[PayloadLength..])) return false;
        role = (ClusterRole)token[0];
        validUntil = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(token[1..]));
        return true;
    }

    /// <summary>Returns the text in the request context.</summary>
    public static string Encode(ReadOnlySpan<byte> token) => Base64Url.EncodeToString(token);

    /// <summary>Returns the bytes of a text in the request context; false if it is none.</summary>
    public static bool TryDecode([NotNullWhen(true)] string? text, Span<byte> token) =>
        text is not null
        && Base64Url.DecodeFromChars(text, token, out _, out var length) == OperationStatus.Done
        && length == Length;
}
