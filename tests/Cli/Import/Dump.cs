namespace KeysCluster.Cli.Tests.Import;

/// <summary>
/// A dump in the shape that the query in <c>docs/how-to/import.md</c> gives, with the hashes of known secrets.
/// </summary>
/// <param name="Arguments">The command without <c>import</c> and <c>--yes</c>.</param>
/// <param name="Secrets">The secrets of the keys that are imported, in the order of the rows.</param>
/// <param name="Disabled">The secrets among them whose keys are disabled.</param>
internal sealed record Dump(string[] Arguments, string[] Secrets, string[] Disabled)
{
    /// <summary>The value of the setting <c>Keys:ImportKeys:langwatch</c>.</summary>
    public const string LangWatchPepper = "a pepper of LangWatch, for tests";

    public static IReadOnlyDictionary<string, Dump> All { get; } = new Dictionary<string, Dump>
    {
        ["langwatch"] = new(
            [GetPath("langwatch.csv"), "--recipe", "langwatch"],
            [
                "vk-lw-01HZX9K3M7Q2V8T4B6N0P5R1S3",
                "lw_vk_live_01HZX9M5N8R3W9V6C7P1Q6S2T4",
                "vk-lw-01HZX9N6P9S4X1W7D8Q2R7T3V5",
            ],
            ["vk-lw-01HZX9N6P9S4X1W7D8Q2R7T3V5"]),
        ["unkey"] = new(
            [GetPath("unkey.ndjson"), "--recipe", "unkey"],
            ["shop_3ZfK8mQ1tVxW5yB7nC9pD2", "shop_8HdJ2kL4mN6pQ9rS1tU3vW"],
            ["shop_8HdJ2kL4mN6pQ9rS1tU3vW"]),
        ["litellm"] = new(
            [GetPath("litellm.csv"), "--recipe", "litellm"],
            ["sk-Zk3vT9qLmW2xR8yB5nC7pD", "sk-Blocked4qLmW2xR8yB5nC7"],
            ["sk-Blocked4qLmW2xR8yB5nC7"]),
        ["better-auth"] = new(
            [GetPath("better-auth.csv"), "--recipe", "better-auth"],
            [
                "acme_xTgKpQvRsWzYaBcDeFhJkLmNoPqUtViXwZyAbCdEfGhIjKlMnOpQrStUvWxYzAb",
                "DfGhJkLzXcVbNmQwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUiOpAsDfGhJkLzXcVb",
            ],
            ["DfGhJkLzXcVbNmQwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUiOpAsDfGhJkLzXcVb"]),
        ["hashes"] = new(
            [
                GetPath("hashes.csv"), "--algorithm", "sha512", "--map", "hash=key_hash", "--map", "name=label",
                "--map", "external_id=id", "--map", "description=note", "--map", "expires_at=valid_until",
                "--map", "metadata.team=team",
            ],
            ["shop-4f9d2c71b8e0", "shop-9a1b7c3d5e2f"],
            []),
    };

    public static string GetPath(string file) => Path.Combine(Repository.Root, "tests", "Cli", "Import", "Dumps", file);
}
