using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Verification;

public abstract class VerificationCountTests(TestService service)
{
    [Fact]
    public async Task The_verdicts_that_the_API_keys_of_a_project_received_are_counted()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        await project.Client.RotateAsync(id);
        for (var i = 0; i < 3; i++) Assert.Equal("retiring", await project.Client.VerifyAsync(secret));
        Assert.Equal("malformed", await project.Client.VerifyAsync("x"));

        // A verification by another project is that project's.
        Assert.Equal("not_found", await other.Client.VerifyAsync(secret));

        await AssertCountsAsync(project, ("malformed", 1), ("retiring", 3));
        await AssertCountsAsync(other, ("not_found", 1));
    }

    [Fact]
    public async Task A_project_without_verifications_has_no_periods()
    {
        using var project = await service.CreateProjectAsync();

        var response = await project.Client.SendAsync(HttpMethod.Get, Routes.Verifications);

        response.EnsureStatus(HttpStatusCode.OK);
        Assert.Empty(response.Json.GetProperty("data").EnumerateArray());
        Assert.Equal(300, response.Json.GetProperty("bucket_seconds").GetInt32());
        Assert.InRange(
            Timestamp(response.Json, "since")!.Value,
            TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1),
            TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
    }

    private static Task AssertCountsAsync(TestProject project, params (string Code, long Count)[] expected) =>
        Wait.UntilAsync(async () =>
        {
            var response = await project.Client.SendAsync(HttpMethod.Get, Routes.Verifications);
            response.EnsureStatus(HttpStatusCode.OK);
            var counts = response.Json.GetProperty("data").EnumerateArray()
                .SelectMany(bucket => bucket.GetProperty("counts").EnumerateArray())
                .GroupBy(count => Text(count, "code"))
                .Select(code => (code.Key, code.Sum(count => count.GetProperty("count").GetInt64())));
            return counts.Order().SequenceEqual(expected);
        });
}
