using System.Globalization;
using System.Text.RegularExpressions;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>Asserts the JSON format of virtual keys, and reads their members.</summary>
internal static partial class VirtualKeyAssert
{
    /// <summary>The length of a display prefix, which is the beginning of its secret.</summary>
    public const int DisplayPrefixLength = 17;

    /// <summary>Members that clients of LangWatch read. They are constant, or repeat another member.</summary>
    private static readonly string[] LangWatchMembers =
    [
        "organization_id", "scopes", "purpose", "trace_project_id", "trace_project_archived", "routing_policy_id",
        "routing_mode", "prefix", "last_four", "fallback_chain_length",
    ];

    private static readonly string[] Members =
    [
        "id", "project_id", "secret_id", "display_prefix", "name", "description", "environment", "status",
        "principal_user_id", "provider_credential_ids", "revision", "last_used_at", "secret_last_used_at", "created_at",
        "updated_at", "expires_at", "disabled_at", "disabled_reason", "revoked_at", "retiring_secrets", "permissions",
        "external_id", "metadata", "config", "allowed_ips", .. LangWatchMembers,
    ];

    /// <summary>Asserts that a virtual key has exactly the documented members, with their types.</summary>
    public static void AssertVirtualKeyShape(JsonElement key)
    {
        Assert.Equal(Members.Order(), key.EnumerateObject().Select(member => member.Name).Order());
        Assert.Matches(IdPattern(), Text(key, "id"));
        Assert.Matches(ProjectIdPattern(), Text(key, "project_id"));
        Assert.Matches(SecretIdPattern(), Text(key, "secret_id"));
        Assert.Matches(DisplayPrefixPattern(), Text(key, "display_prefix"));
        Assert.Matches(RevisionPattern(), Text(key, "revision"));
        Assert.Contains(Text(key, "environment"), new[] { "live", "test" });
        Assert.NotEmpty(Text(key, "name"));
        foreach (var member in new[] { "description", "principal_user_id", "disabled_reason", "external_id" })
            TextOrNull(key, member);
        foreach (var member in new[] { "provider_credential_ids", "permissions", "allowed_ips" })
            Assert.All(key.GetProperty(member).EnumerateArray(), AssertIsString);
        Assert.All(key.GetProperty("metadata").EnumerateObject(), entry => AssertIsString(entry.Value));
        Assert.Equal(JsonValueKind.Object, key.GetProperty("config").ValueKind);

        var created = Timestamp(key, "created_at")!.Value;
        Assert.True(created <= Timestamp(key, "updated_at")!.Value);
        foreach (var member in new[] { "last_used_at", "secret_last_used_at", "expires_at", "disabled_at" })
            Timestamp(key, member);
        Assert.Equal(GetExpectedStatus(key), Text(key, "status"));
        foreach (var retiring in GetRetiringSecrets(key))
        {
            AssertRetiringSecretShape(retiring);
            Assert.Matches(DisplayPrefixPattern(), Text(retiring, "display_prefix"));
            Assert.True(Timestamp(retiring, "valid_until") > created);
        }

        AssertLangWatchMembers(key);
    }

    /// <summary>Asserts that a retiring secret or API key has exactly the documented members.</summary>
    public static void AssertRetiringSecretShape(JsonElement retiring)
    {
        Assert.Equal(
            ["display_prefix", "id", "last_used_at", "last_used_from", "valid_until"],
            retiring.EnumerateObject().Select(member => member.Name).Order());
        Assert.Matches(SecretIdPattern(), Text(retiring, "id"));
        Assert.NotNull(Timestamp(retiring, "valid_until"));
        Timestamp(retiring, "last_used_at");
    }

    /// <summary>Returns the retiring secrets of a virtual key, newest first.</summary>
    public static JsonElement[] GetRetiringSecrets(JsonElement key) =>
        [.. key.GetProperty("retiring_secrets").EnumerateArray()];

    /// <summary>Returns a member as JSON, without white space.</summary>
    public static string Raw(JsonElement element, string member) => element.GetProperty(member).GetRawText();

    /// <summary>Returns a member that must be a string.</summary>
    public static string Text(JsonElement element, string member) =>
        TextOrNull(element, member) ?? throw new InvalidOperationException($"{member} is null.");

    /// <summary>Returns a member that must be a string or null.</summary>
    public static string? TextOrNull(JsonElement element, string member) => element.GetProperty(member).GetString();

    /// <summary>Returns a member that must be null or an instant in ISO 8601 with milliseconds and Z.</summary>
    public static DateTimeOffset? Timestamp(JsonElement element, string member)
    {
        if (TextOrNull(element, member) is not { } text) return null;
        Assert.Matches(TimestampPattern(), text);
        return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    private static string GetExpectedStatus(JsonElement key)
    {
        if (Timestamp(key, "revoked_at") is not null) return "revoked";
        return Timestamp(key, "disabled_at") is not null ? "disabled" : "active";
    }

    private static void AssertLangWatchMembers(JsonElement key)
    {
        Assert.Equal(Text(key, "project_id"), Text(key, "organization_id"));
        var scope = $$"""[{"scope_type":"project","scope_id":"{{Text(key, "project_id")}}"}]""";
        Assert.Equal(scope, Raw(key, "scopes"));
        Assert.Equal("user", Text(key, "purpose"));
        Assert.Null(TextOrNull(key, "trace_project_id"));
        Assert.False(key.GetProperty("trace_project_archived").GetBoolean());
        Assert.Null(TextOrNull(key, "routing_policy_id"));
        Assert.Equal("none", Text(key, "routing_mode"));
        Assert.Equal(Text(key, "display_prefix"), Text(key, "prefix"));
        Assert.Empty(Text(key, "last_four"));
        Assert.Equal(
            key.GetProperty("provider_credential_ids").GetArrayLength(),
            key.GetProperty("fallback_chain_length").GetInt32());
    }

    private static void AssertIsString(JsonElement element) => Assert.Equal(JsonValueKind.String, element.ValueKind);

    [GeneratedRegex("^vk_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    private static partial Regex IdPattern();

    [GeneratedRegex("^project_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    private static partial Regex ProjectIdPattern();

    [GeneratedRegex("^secret_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    private static partial Regex SecretIdPattern();

    [GeneratedRegex("^vk-lw-(live|test)_[0-9A-HJKMNP-TV-Z]{6}$")]
    private static partial Regex DisplayPrefixPattern();

    [GeneratedRegex("^[1-9][0-9]*$")]
    private static partial Regex RevisionPattern();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex TimestampPattern();
}
