using System.Net;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>What a key may do, and which changes of it must reach every cache before they are acknowledged.</summary>
public sealed class PermissionRuleTests
{
    private static readonly DateTimeOffset Now = TestData.Start;

    private readonly RuleTestKey _key = new(Now);

    [Theory]
    [InlineData("chat:write", "chat:write", true)]
    [InlineData("chat:write", "chat:writer", false)]
    [InlineData("chat:write", "Chat:write", false)]
    [InlineData("models:gpt*", "models:gpt-4o", true)]
    [InlineData("models:gpt*", "models:gpt", true)]
    [InlineData("models:gpt*", "models:gp", false)]
    [InlineData("models:gpt*", "models:gpt-4*", true)]
    [InlineData("models:gpt-4*", "models:gpt*", false)]
    [InlineData("*", "anything", true)]
    public void A_trailing_asterisk_matches_any_end(string granted, string required, bool isGranted) =>
        Assert.Equal(isGranted, PermissionRules.IsGranted([granted], required));

    [Theory]
    [InlineData("a", true)]
    [InlineData("*", true)]
    [InlineData("a*", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a*b", false)]
    [InlineData("**", false)]
    [InlineData("ä", false)]
    [InlineData("a\u007f", false)]
    public void A_permission_has_printable_characters_and_an_asterisk_only_at_its_end(string text, bool isValid) =>
        Assert.Equal(isValid, PermissionRules.IsValid(text));

    [Fact]
    public void A_permission_has_at_most_128_characters()
    {
        Assert.True(PermissionRules.IsValid(new string('a', 128)));
        Assert.False(PermissionRules.IsValid(new string('a', 129)));
    }

    /// <summary>
    /// What a cache has may differ from the stored state, because the invalidation after an earlier change has failed.
    /// </summary>
    [Theory]
    [InlineData("a b", "a")]
    [InlineData("a b", "")]
    [InlineData("a", "a b")]
    [InlineData("", "a")]
    [InlineData("a", "a")]
    public void Setting_permissions_requires_invalidation(string before, string after)
    {
        Set(permissions: before);
        var revision = _key.State.Revision;

        Set(permissions: after);

        Assert.True(_key.RequiredInvalidation);
        Assert.Equal(before == after ? revision : revision + 1, _key.State.Revision);
    }

    /// <inheritdoc cref="Setting_permissions_requires_invalidation"/>
    [Theory]
    [InlineData("", "10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "10.1.0.0/16")]
    [InlineData("10.1.0.0/16", "10.0.0.0/8")]
    [InlineData("10.1.0.0/16", "")]
    [InlineData("10.1.0.0/16", "10.1.0.0/16")]
    public void Setting_addresses_requires_invalidation(string before, string after)
    {
        Set(allowedIps: before);

        Set(allowedIps: after);

        Assert.True(_key.RequiredInvalidation);
    }

    [Fact]
    public void An_update_of_nothing_that_is_checked_requires_no_invalidation()
    {
        Set(permissions: "a", allowedIps: "10.0.0.0/8");

        Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller, Name = "n", ExternalId = "e" });

        Assert.False(_key.RequiredInvalidation);
    }

    [Fact]
    public void A_change_of_the_configuration_requires_invalidation()
    {
        Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller, ConfigPatch = """{"rpm":5}""" });

        Assert.True(_key.RequiredInvalidation);
    }

    [Fact]
    public void A_change_of_the_configuration_replaces_its_members_and_removes_those_that_are_null()
    {
        Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller, ConfigPatch = """{"a":{"x":1},"b":1.50}""" });
        Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller, ConfigPatch = """{"a":{"y":2},"c":null}""" });
        Assert.Equal("""{"a":{"y":2},"b":1.50}""", _key.State.Config);

        Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller, ConfigPatch = """{"a":null,"b":null}""" });
        Assert.Null(_key.State.Config);
    }

    [Theory]
    [InlineData("10.1.2.3", VerdictCode.Active)]
    [InlineData("::ffff:10.1.2.3", VerdictCode.Active)]
    [InlineData("2001:db8::7", VerdictCode.Active)]
    [InlineData("10.2.0.0", VerdictCode.IpNotAllowed)]
    [InlineData("2001:db9::7", VerdictCode.IpNotAllowed)]
    [InlineData(null, VerdictCode.IpNotAllowed)]
    public void A_key_with_allowed_addresses_is_refused_from_any_other(string? address, VerdictCode code)
    {
        Set(allowedIps: "10.1.0.0/16 2001:db8::/32");

        var verdict = GetVerdict().Require(permissions: null, address is null ? null : IPAddress.Parse(address));

        Assert.Equal(code, verdict.Code);
        Assert.Equal(code == VerdictCode.Active, verdict.IsValid);
    }

    [Fact]
    public void A_verdict_names_the_missing_permissions()
    {
        Set(permissions: "chat:* models:a");

        var verdict = GetVerdict().Require(["chat:write", "models:b", "files:read"], address: null);

        Assert.Equal(VerdictCode.InsufficientPermissions, verdict.Code);
        Assert.Equal(["models:b", "files:read"], verdict.MissingPermissions);
    }

    [Fact]
    public void A_key_without_permissions_may_do_nothing_that_requires_one()
    {
        Assert.Equal(VerdictCode.Active, GetVerdict().Require([], address: null).Code);
        Assert.Equal(VerdictCode.InsufficientPermissions, GetVerdict().Require(["a"], address: null).Code);
    }

    [Fact]
    public void A_revoked_key_stays_revoked_whatever_is_required()
    {
        _key.Revoke(Now);

        Assert.Equal(VerdictCode.Revoked, GetVerdict().Require(["a"], address: null).Code);
    }

    [Theory]
    [InlineData("10.1.0.0/16", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("2001:db8::/32", true)]
    [InlineData("10.1.2.3/16", false)]
    [InlineData("10.1", false)]
    [InlineData("10.1.0.0/33", false)]
    [InlineData("010.1.0.0/16", false)]
    [InlineData("::ffff:10.0.0.0/104", false)]
    [InlineData("fe80::1%1", false)]
    [InlineData("10.0.0.0/8/8", false)]
    [InlineData("host", false)]
    [InlineData("", false)]
    public void A_range_is_an_address_or_has_zeros_after_its_prefix(string text, bool isValid) =>
        Assert.Equal(isValid, AllowedIpRange.TryParse(text, out _));

    private static string[] Split(string texts) => texts.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private Verdict GetVerdict() => new()
    {
        Code = _key.State.Evaluate(_key.State.Secrets.CurrentSecret, Now),
        Key = _key.State.ToVirtualKey(Now),
    };

    private void Set(string? permissions = null, string? allowedIps = null) => Update(new UpdateVirtualKeyCommand
    {
        Caller = TestData.Caller,
        Permissions = permissions is null ? null : Split(permissions),
        AllowedIps = allowedIps is null ? null : AllowedIpRange.ParseAll(Split(allowedIps)),
    });

    private void Update(UpdateVirtualKeyCommand command) =>
        Assert.Equal(ChangeOutcome.Done, _key.Update(command, Now));
}
