using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>Lists without a limit and a cursor, for clients that know no pages.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class UnpagedListTests(SqliteService service)
{
    [Fact]
    public async Task A_list_without_limit_and_cursor_has_up_to_1000_keys_with_and_without_filters()
    {
        using var project = await service.CreateProjectAsync();
        var keys = await project.Client.CreateManyAsync(1001);
        foreach (var filter in new[] { "", "status=active", "name_prefix=key" })
        {
            var first = await project.ListAsync($"?{filter}");
            Assert.Equal(1000, first.GetProperty("data").GetArrayLength());
            var cursor = Uri.EscapeDataString(Text(first, "next_cursor"));
            var rest = await project.ListAsync($"?{filter}&cursor={cursor}");
            Assert.Null(TextOrNull(rest, "next_cursor"));
            var listed = first.GetProperty("data").EnumerateArray().Concat(rest.GetProperty("data").EnumerateArray());
            Assert.Equal(keys.Select(key => key.Id).Order(), listed.Select(key => Text(key, "id")).Order());
        }
    }
}
