using KeysCluster.Contract.Services;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.VirtualKeys;

public abstract class SecretShownOnceTests(TestService service)
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

        ApiResponse[] answers =
        [
            await project.Client.GetAsync(id),
            await project.Client.SendAsync(HttpMethod.Get, Routes.VirtualKeys),
            await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), """{"name":"n"}"""),
            await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret = first }),
            await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret = second }),
            await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id)),
            await admin.SendAsync(HttpMethod.Get, Routes.Projects),
            await project.Client.RevokeAsync(id),
            await project.Client.RotateAsync(id),
            await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret = second }),
        ];
        foreach (var answer in answers)
        {
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
            foreach (var secret in new[] { first, second, project.ApiKey })
            {
                Assert.DoesNotContain(secret, answer.Body, StringComparison.Ordinal);
                Assert.DoesNotContain(secret[^60..], answer.Body, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("\"secret\"", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("\"api_key\"", answer.Body, StringComparison.Ordinal);
        }
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class SecretShownOnceOnSqliteTests(SqliteService service) : SecretShownOnceTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class SecretShownOnceOnPostgresTests(PostgresService service) : SecretShownOnceTests(service);
