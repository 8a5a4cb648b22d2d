using System.Text.Json;
using KeysCluster.WebConsole.Accounts;

namespace KeysCluster.WebConsole.Sessions;

/// <summary>What a session calls the API with: a key, or the account of a person.</summary>
internal sealed record SessionCredential(string? Key, PersonAccount? Account)
{
    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static SessionCredential? Deserialize(byte[] json) =>
        JsonSerializer.Deserialize<SessionCredential>(json);

    /// <summary>Does not contain the key.</summary>
    public override string ToString() => Account?.Name ?? "(key)";
}
