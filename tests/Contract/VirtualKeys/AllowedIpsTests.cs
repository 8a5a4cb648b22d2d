using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>The address ranges that a key carries. <c>VerifyAddressTests</c> tests what they allow.</summary>
public abstract class AllowedIpsTests(TestService service)
{
    [Theory]
    [InlineData("10.1.0.0/16", "10.1.0.0/16"), InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0"), InlineData("255.255.255.255/32", "255.255.255.255/32")]
    [InlineData("2001:db8::/48", "2001:db8::/48"), InlineData("::10.0.0.1", "::10.0.0.1/128")]
    [InlineData("2001:DB8:0:0::1", "2001:db8::1/128"), InlineData("::/0", "::/0"), InlineData("fe80::/10", "fe80::/10")]
    public async Task A_range_or_an_address_is_returned_as_a_range(string range, string expected)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, created) = await project.CreateAsync($"\"allowed_ips\":[\"{range}\"]");
        Assert.Equal($"[\"{expected}\"]", Raw(created, "allowed_ips"));
        Assert.Equal(created.ToString(), (await project.GetKeyAsync(id)).ToString());
        foreach (var repeated in new[] { range, expected })
        {
            var updated = await project.UpdateAsync(id, $$"""{"allowed_ips":["{{repeated}}"]}""");
            Assert.Equal(created.ToString(), updated.ToString());
        }
    }

    [Fact]
    public async Task A_key_has_at_most_32_ranges()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, created) = await project.CreateAsync($"\"allowed_ips\":{CreateRanges(32)}");
        Assert.Equal(32, created.GetProperty("allowed_ips").GetArrayLength());
        await project.UpdateAsync(id, $$"""{"allowed_ips":{{CreateRanges(32)}}}""");

        var before = (await project.Client.GetAsync(id)).Body;
        var refused = await project.SendCreateAsync($"\"allowed_ips\":{CreateRanges(33)}");
        ErrorAssert.IsError(refused, 422, "validation_failed", naming: "allowed_ips");
        refused = await project.SendUpdateAsync(id, $$"""{"allowed_ips":{{CreateRanges(33)}}}""");
        ErrorAssert.IsError(refused, 422, "validation_failed", naming: "allowed_ips");
        Assert.Equal(before, (await project.Client.GetAsync(id)).Body);
    }

    [Fact]
    public async Task A_patch_replaces_the_list_an_empty_list_clears_it_and_an_absent_one_keeps_it()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, _) = await project.CreateAsync("""
            "allowed_ips":["10.0.0.0/8","::1"]
            """);
        var renamed = await project.UpdateAsync(id, """{"name":"m"}""");
        Assert.Equal("""["10.0.0.0/8","::1/128"]""", Raw(renamed, "allowed_ips"));
        var replaced = await project.UpdateAsync(id, """{"allowed_ips":["192.168.0.0/16"]}""");
        Assert.Equal("""["192.168.0.0/16"]""", Raw(replaced, "allowed_ips"));
        Assert.Equal("3", Text(replaced, "revision"));
        var cleared = await project.UpdateAsync(id, """{"allowed_ips":[]}""");
        Assert.Equal("[]", Raw(cleared, "allowed_ips"));
        Assert.Equal(cleared.ToString(), (await project.UpdateAsync(id, """{"allowed_ips":[]}""")).ToString());
    }

    private static string CreateRanges(int count) =>
        JsonSerializer.Serialize(Enumerable.Range(0, count).Select(number => $"10.0.{number}.0/24"));
}
