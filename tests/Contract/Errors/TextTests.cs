using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Errors;

/// <summary>Names are what they look like: nothing in them is invisible or reverses the text.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class TextTests(SqliteService service)
{
    [Theory]
    [InlineData("safe\u202Etxt.exe"), InlineData("\u2066isolated\u2069"), InlineData("zero\u200Bwidth")]
    [InlineData("\uFEFFname"), InlineData("soft\u00ADhyphen"), InlineData("line\u2028separator")]
    [InlineData("paragraph\u2029separator"), InlineData("\u3164"), InlineData("a\u1160b"), InlineData("a\u0085b")]
    public async Task A_name_with_characters_that_cannot_be_seen_is_422(string name)
    {
        using var project = await service.CreateProjectAsync();

        var response = await SendCreateAsync(project, name);

        response.EnsureStatus(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("name must not contain control characters", response.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("می‌خواهم"), InlineData("👩‍🔬 lab"), InlineData("naïve – ключ 鍵"), InlineData("☕️")]
    public async Task Names_of_all_languages_and_emoji_are_accepted(string name)
    {
        using var project = await service.CreateProjectAsync();

        (await SendCreateAsync(project, name)).EnsureStatus(HttpStatusCode.Created);
    }

    /// <summary>JSON Schema counts code points, of which each emoji here is one.</summary>
    [Theory]
    [InlineData(128, HttpStatusCode.Created), InlineData(129, HttpStatusCode.UnprocessableEntity)]
    public async Task The_length_of_a_text_is_counted_in_code_points(int count, HttpStatusCode status)
    {
        using var project = await service.CreateProjectAsync();
        var name = string.Concat(Enumerable.Repeat("🔑", count));

        (await SendCreateAsync(project, name)).EnsureStatus(status);
    }

    private static Task<ApiResponse> SendCreateAsync(TestProject project, string name) => project.Client.SendTextAsync(
        HttpMethod.Post, Routes.VirtualKeys, JsonSerializer.Serialize(new { name }));
}
