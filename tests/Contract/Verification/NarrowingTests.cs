using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Verification;

/// <summary>What a PATCH takes away or adds holds for every verdict after its response.</summary>
public abstract class NarrowingTests(TestService service)
{
    private const int Rounds = 10;

    [Fact]
    public async Task A_removed_permission_is_refused_and_an_added_one_accepted_when_the_response_arrives()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret, _) = await project.CreateAsync("\"permissions\":[\"a\",\"b\"]");
        for (var i = 0; i < Rounds; i++)
        {
            await AssertCodeAsync("active", "a", "b");
            await project.UpdateAsync(id, """{"permissions":["a"]}""");
            await AssertCodeAsync("insufficient_permissions", "a", "b");
            await AssertCodeAsync("active", "a");
            await project.UpdateAsync(id, """{"permissions":[]}""");
            await AssertCodeAsync("insufficient_permissions", "a");
            await AssertCodeAsync("active");
            await project.UpdateAsync(id, """{"permissions":["*"]}""");
            await AssertCodeAsync("active", "a", "b", "c");
            await project.UpdateAsync(id, """{"permissions":["b","a"]}""");
            await AssertCodeAsync("insufficient_permissions", "c");
        }

        async Task AssertCodeAsync(string code, params string[] required) =>
            Assert.Equal(code, Text(await project.GetVerdictAsync(secret, required), "code"));
    }

    [Fact]
    public async Task A_removed_range_is_refused_and_an_added_one_accepted_when_the_response_arrives()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        for (var i = 0; i < Rounds; i++)
        {
            await AssertCodeAsync("active", "10.1.0.1");
            await AssertCodeAsync("active", address: null);
            await project.UpdateAsync(id, """{"allowed_ips":["10.0.0.0/8"]}""");
            await AssertCodeAsync("ip_not_allowed", "192.168.0.1");
            await AssertCodeAsync("ip_not_allowed", address: null);
            await AssertCodeAsync("active", "10.1.0.1");
            await project.UpdateAsync(id, """{"allowed_ips":["10.0.0.0/16"]}""");
            await AssertCodeAsync("ip_not_allowed", "10.1.0.1");
            await project.UpdateAsync(id, """{"allowed_ips":["10.0.0.0/16","10.1.0.0/16"]}""");
            await AssertCodeAsync("active", "10.1.0.1");
            await project.UpdateAsync(id, """{"allowed_ips":["2001:db8::/32"]}""");
            await AssertCodeAsync("ip_not_allowed", "10.1.0.1");
            await project.UpdateAsync(id, """{"allowed_ips":[]}""");
        }

        async Task AssertCodeAsync(string code, string? address) =>
            Assert.Equal(code, Text(await project.GetVerdictAsync(secret, [], address), "code"));
    }

    [Fact]
    public async Task A_verdict_has_the_new_config_when_the_response_arrives()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        for (var i = 0; i < Rounds; i++)
        {
            await AssertConfigAsync($$$"""{"config":{"rpm":{{{i}}}}}""", $$"""{"rpm":{{i}}}""");
            await AssertConfigAsync("""{"config":null}""", "{}");
        }

        async Task AssertConfigAsync(string patch, string expected)
        {
            await project.UpdateAsync(id, patch);
            var verdict = await project.GetVerdictAsync(secret);
            Assert.Equal(expected, Raw(verdict.GetProperty("virtual_key"), "config"));
        }
    }

    [Fact]
    public async Task No_verdict_after_the_response_accepts_what_it_took_away_even_under_load()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret, _) = await project.CreateAsync("\"permissions\":[\"a\"]");
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!stop.IsCancellationRequested) await project.GetVerdictAsync(secret, ["a"]);
        }));

        for (var i = 0; i < Rounds; i++)
        {
            await project.UpdateAsync(id, """{"permissions":[]}""");
            var verdicts = await Task.WhenAll(
                Enumerable.Range(0, 4).Select(_ => project.GetVerdictAsync(secret, ["a"])));
            Assert.All(verdicts, verdict => Assert.Equal("insufficient_permissions", Text(verdict, "code")));
            await project.UpdateAsync(id, """{"permissions":["a"]}""");
            Assert.Equal("active", Text(await project.GetVerdictAsync(secret, ["a"]), "code"));
        }

        await stop.CancelAsync();
        await load;
    }
}
