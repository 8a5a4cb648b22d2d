using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Verification;

/// <summary>A key with allowed addresses is valid only for a use from one of them.</summary>
public abstract class VerifyAddressTests(TestService service)
{
    private const string NotAllowed = "ip_not_allowed";

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.0.0", true), InlineData("10.1.0.0/16", "10.1.255.255", true)]
    [InlineData("10.1.0.0/16", "10.0.255.255", false), InlineData("10.1.0.0/16", "10.2.0.0", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true), InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.1.2.2/31", "10.1.2.3", true), InlineData("10.1.2.2/31", "10.1.2.1", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true), InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "2001:db8::1", true), InlineData("::/0", "10.0.0.1", false)]
    [InlineData("2001:db8::/47", "2001:db8:1:ffff::", true), InlineData("2001:db8::/47", "2001:db8:2::", false)]
    [InlineData("2001:db8::1", "2001:DB8:0:0:0:0:0:1", true)]
    public async Task An_address_must_be_in_a_range_of_the_key(string range, string address, bool isAllowed) =>
        await AssertVerdictAsync(range, address, isAllowed);

    /// <summary>A server that listens on IPv6 sees clients of IPv4 like this.</summary>
    [Theory]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true), InlineData("10.1.0.0/16", "::FFFF:a01:203", true)]
    [InlineData("10.1.0.0/16", "::ffff:10.2.2.3", false), InlineData("::/0", "::ffff:10.1.2.3", false)]
    [InlineData("10.1.0.0/16", "::10.1.2.3", false), InlineData("10.1.0.0/16", "64:ff9b::10.1.2.3", false)]
    public async Task An_IPv4_address_that_is_mapped_to_IPv6_is_an_IPv4_address(
        string range, string address, bool isAllowed) =>
        await AssertVerdictAsync(range, address, isAllowed);

    [Theory]
    [InlineData("fe80::/10", "fe80::1%2", true), InlineData("fe80::/10", "fe80::1%eth0", true)]
    [InlineData("fe80::1", "fe80::1%3", true), InlineData("2001:db8::/32", "fe80::1%2", false)]
    public async Task The_scope_of_a_link_local_address_does_not_matter(string range, string address, bool isAllowed) =>
        await AssertVerdictAsync(range, address, isAllowed);

    [Fact]
    public async Task Any_of_several_ranges_is_enough()
    {
        using var project = await service.CreateProjectAsync();
        var (_, secret, _) = await project.CreateAsync("""
            "allowed_ips":["192.168.0.0/16","10.0.0.0/8","2001:db8::/32"]
            """);
        foreach (var address in new[] { "192.168.0.1", "10.0.0.1", "2001:db8::1" })
            Assert.Equal("active", Text(await project.GetVerdictAsync(secret, [], address), "code"));
        Assert.Equal(NotAllowed, Text(await project.GetVerdictAsync(secret, [], "172.16.0.1"), "code"));
    }

    [Fact]
    public async Task A_key_with_ranges_is_refused_without_an_address_and_a_key_without_ranges_accepts_any()
    {
        using var project = await service.CreateProjectAsync();
        var (id, restricted, _) = await project.CreateAsync("\"allowed_ips\":[\"0.0.0.0/0\",\"::/0\"]");
        var verdict = await project.GetVerdictAsync(restricted);
        Assert.Equal(NotAllowed, Text(verdict, "code"));
        Assert.False(verdict.GetProperty("valid").GetBoolean());
        Assert.Equal(id, Text(verdict.GetProperty("virtual_key"), "id"));
        Assert.Equal(Text(verdict.GetProperty("virtual_key"), "secret_id"), Text(verdict, "secret_id"));
        Assert.Equal(NotAllowed, Text(await project.GetVerdictAsync(restricted, [], address: null), "code"));

        var (_, unrestricted) = await project.Client.CreateAsync();
        foreach (var address in new[] { null, "10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1", "fe80::1%2" })
            Assert.Equal("active", Text(await project.GetVerdictAsync(unrestricted, [], address), "code"));
    }

    [Fact]
    public async Task The_address_is_decided_before_the_permissions()
    {
        using var project = await service.CreateProjectAsync();
        var (_, secret, _) = await project.CreateAsync("""
            "allowed_ips":["10.0.0.1"],"permissions":["a"]
            """);
        var verdict = await project.GetVerdictAsync(secret, ["b"], "10.0.0.2");
        Assert.Equal(NotAllowed, Text(verdict, "code"));
        Assert.Equal("[]", Raw(verdict, "missing_permissions"));
        verdict = await project.GetVerdictAsync(secret, ["b"], "10.0.0.1");
        Assert.Equal("insufficient_permissions", Text(verdict, "code"));
        Assert.Equal("active", Text(await project.GetVerdictAsync(secret, ["a"], "10.0.0.1"), "code"));
    }

    private async Task AssertVerdictAsync(string range, string address, bool isAllowed)
    {
        using var project = await service.CreateProjectAsync();
        var (_, secret, _) = await project.CreateAsync($"\"allowed_ips\":[\"{range}\"]");
        var verdict = await project.GetVerdictAsync(secret, [], address);
        Assert.Equal(isAllowed ? "active" : NotAllowed, Text(verdict, "code"));
        Assert.Equal(isAllowed, verdict.GetProperty("valid").GetBoolean());
    }
}
