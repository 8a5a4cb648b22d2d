using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Secrets;

public sealed class IdTests
{
    private const string UlidText = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    [Fact]
    public void An_id_is_read_back_from_its_text()
    {
        var key = VirtualKeyId.New(Sample.Start);
        var project = ProjectId.New(Sample.Start);

        Assert.Equal(key, VirtualKeyId.Parse(key.ToString()));
        Assert.Equal(project, ProjectId.Parse(project.ToString()));
    }

    [Fact]
    public void Ids_sort_by_the_instant_they_were_made()
    {
        var ids = Enumerable.Range(0, 50).Select(i => VirtualKeyId.New(Sample.Start.AddMilliseconds(i)).ToString()).ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{0}")]
    [InlineData("{1}{0}0")]
    [InlineData("{1}+{0}")]
    [InlineData("{1}{0}+x")]
    [InlineData(" {1}{0}")]
    [InlineData("{1}{0}\n")]
    [InlineData("other_{0}")]
    [InlineData("{1}")]
    [InlineData("{1}81ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("{1}01arz3ndektsv4rrffq69g5fav")]
    [InlineData("{1}01ARZ3NDEKTSV4RRFFQ69G5FA")]
    [InlineData("{1}01ARZ3NDEKTSV4RRFFQ69G5FAI")]
    [InlineData("{1}0123456789abcdef0123456789")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public void Anything_but_the_canonical_text_of_an_id_is_refused(string? pattern)
    {
        Assert.False(VirtualKeyId.TryParse(pattern is null ? null : Fill(pattern, "vk_"), out _));
        Assert.False(ProjectId.TryParse(pattern is null ? null : Fill(pattern, "project_"), out _));
        Assert.Throws<FormatException>(() => VirtualKeyId.Parse(Fill(pattern ?? "", "vk_")));
    }

    [Fact]
    public void An_upper_case_prefix_is_refused()
    {
        Assert.False(VirtualKeyId.TryParse("VK_" + UlidText, out _));
        Assert.False(ProjectId.TryParse("Project_" + UlidText, out _));
    }

    [Fact]
    public void An_id_of_another_kind_is_refused()
    {
        Assert.False(VirtualKeyId.TryParse("project_" + UlidText, out _));
        Assert.False(ProjectId.TryParse("vk_" + UlidText, out _));
    }

    private static string Fill(string pattern, string prefix) =>
        pattern.Replace("{0}", UlidText, StringComparison.Ordinal).Replace("{1}", prefix, StringComparison.Ordinal);
}
