FROM scratch
ARG TARGETARCH
COPY slim-${TARGETARCH}/ /
COPY node-${TARGETARCH}/bin/node /usr/local/bin/node
COPY passwd group /etc/
COPY npm/ /usr/local/lib/node_modules/npm/
RUN ["/bin/ln", "-s", "../lib/node_modules/npm/bin/npm-cli.js", "/usr/local/bin/npm"]
RUN ["/bin/ln", "-s", "../lib/node_modules/npm/bin/npx-cli.js", "/usr/local/bin/npx"]
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["node"]
