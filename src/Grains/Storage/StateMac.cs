using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// The message authentication code (MAC) of a stored state: HMAC-SHA256 over the service id and the JSON as it was
/// written, under a key that is derived from the current pepper, which the database does not have. It is the first
/// member of the JSON, <c>"mac":"{pepper id}.{base64url}"</c>. A build that does not know it writes it at another
/// place, where it is ignored. Source: docs/adr/0025-authenticated-states.md.
/// </summary>
/// <param name="ring">The peppers.</param>
/// <param name="serviceId">The Orleans service id.</param>
/// <param name="isRequired">Whether a state without a MAC is refused.</param>
public sealed class StateMac(PepperRing ring, string serviceId, bool isRequired)
{
    /// <summary>The JSON member. The triggers of the database ignore it when they compare states.</summary>
    internal const string Member = "mac";

    private const string Purpose = "state/v1";
    private const int PepperIdLength = 16;

    /// <summary>The length of 32 bytes in base64url.</summary>
    private const int CodeLength = 43;

    private static readonly SearchValues<byte> PepperIdCharacters = SearchValues.Create("0123456789abcdef"u8);

    private static readonly int PrefixLength = Start.Length + PepperIdLength + 1 + CodeLength + End.Length;

    private readonly byte[] _serviceId = [.. Encoding.UTF8.GetBytes(serviceId), 0];

    private static ReadOnlySpan<byte> Start => "{\"mac\":\""u8;

    private static ReadOnlySpan<byte> End => "\","u8;

    /// <summary>Returns the state with its MAC.</summary>
    /// <param name="json">A JSON object with at least one member, without a MAC.</param>
    public byte[] Add(ReadOnlySpan<byte> json)
    {
        var peppers = ring.Peppers;
        var state = new byte[PrefixLength + json.Length - 1];
        var rest = state.AsSpan();
        Append(ref rest, Start);
        Append(ref rest, Encoding.ASCII.GetBytes(peppers.Current.Id));
        Append(ref rest, "."u8);
        Append(ref rest, Compute(peppers.DeriveKeys(Purpose)[0], json));
        Append(ref rest, End);
        Append(ref rest, json[1..]);
        return state;
    }

    /// <summary>Returns the state without its MAC, which it verifies.</summary>
    /// <param name="state">The state as it is stored.</param>
    /// <exception cref="AlteredStateException">
    /// The MAC is not that of the state, or it has none and one is required.
    /// </exception>
    /// <exception cref="MissingStatePepperException">
    /// A MAC is required, and this silo does not have the pepper of that of the state.
    /// </exception>
    public byte[] Open(ReadOnlySpan<byte> state)
    {
        if (FindPepperId(state) is not { } pepperId)
            return isRequired ? throw new AlteredStateException("it has no MAC") : state.ToArray();

        byte[] json = [(byte)'{', .. state[PrefixLength..]];
        var peppers = ring.Peppers;
        var index = peppers.IndexOf(pepperId);
        if (index < 0)
        {
            // While none is required, a MAC whose pepper is missing is treated as a missing MAC.
            return isRequired ? throw new MissingStatePepperException(pepperId) : json;
        }

        var code = state.Slice(Start.Length + PepperIdLength + 1, CodeLength);
        return CryptographicOperations.FixedTimeEquals(code, Compute(peppers.DeriveKeys(Purpose)[index], json))
            ? json
            : throw new AlteredStateException("its MAC is invalid");
    }

    /// <summary>Returns the id of the pepper that the MAC of a state depends on; null if it has none.</summary>
    public static string? FindPepperId(ReadOnlySpan<byte> state) =>
        state.Length > PrefixLength
            && state.StartsWith(Start)
            && state[Start.Length + PepperIdLength] == (byte)'.'
            && state[..PrefixLength].EndsWith(End)
            && IsPepperId(state.Slice(Start.Length, PepperIdLength))
            ? Encoding.ASCII.GetString(state.Slice(Start.Length, PepperIdLength))
            : null;

    /// <summary>The id is written to the log, so only characters of ids are accepted.</summary>
    private static bool IsPepperId(ReadOnlySpan<byte> id) => !id.ContainsAnyExcept(PepperIdCharacters);

    private static void Append(ref Span<byte> destination, ReadOnlySpan<byte> part)
    {
        part.CopyTo(destination);
        destination = destination[part.Length..];
    }

    private byte[] Compute(byte[] key, ReadOnlySpan<byte> json)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(_serviceId);
        hmac.AppendData(json);
        return Base64Url.EncodeToUtf8(hmac.GetHashAndReset());
    }
}
