using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(SqliteService.CollectionName)]
public sealed class SecretShownOnceTests(SqliteService service)
{
    [Fact]
    public async Task A_secret_is_returned_only_by_the_request_that_created_it()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (id, first) = await project.Client.CreateAsync();
        var rotated = await project.Client.RotateAsync(id);
        var second = rotated.Secret;
        Assert.DoesNotContain(first, rotated.Body, StringComparison.Ordinal);

        ApiResponse[] responses =
        [
            await project.Client.GetAsync(id),
            await project.Client.ListAsync(),
            await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), """{"name":"n"}"""),
            await project.Client.SendVerifyAsync(first),
            await project.Client.SendVerifyAsync(second),
            await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id)),
            await admin.SendAsync(HttpMethod.Get, Routes.Projects),
            await project.Client.RevokeAsync(id),
            await project.Client.RotateAsync(id),
            await project.Client.SendVerifyAsync(second),
        ];
        foreach (var response in responses)
        {
            Assert.Equal("no-store", response.Headers["Cache-Control"]);
            foreach (var secret in new[] { first, second, project.ApiKey })
            {
                Assert.DoesNotContain(secret, response.Body, StringComparison.Ordinal);
                Assert.DoesNotContain(secret[^60..], response.Body, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("\"secret\"", response.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("\"api_key\"", response.Body, StringComparison.Ordinal);
        }
    }
}
